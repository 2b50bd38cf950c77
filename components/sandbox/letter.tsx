/** The body of a mail as a mail program shows it: its addresses can be pressed. */
export function Letter({ body }: { body: string }) {
  return (
    <p lang="ko" className="whitespace-pre-line pb-5 text-sm">
      {body.split(/(https?:\/\/\S+)/).map((part, at) =>
        // An odd part is an address: `split` keeps what its group matched. None stands in a mail twice.
        at % 2 === 1 ? (
          <a key={part} href={part} className="break-all text-accent underline">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </p>
  );
}
