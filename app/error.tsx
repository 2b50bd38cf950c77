"use client";

import { Message } from "@/components/site/message";
import { errorText } from "@/components/text/error";
import { buttonClass } from "@/components/ui/button-class";

/** Shown in place of a page that failed. The person's language stands on the document. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  const language = typeof document === "undefined" ? "ko" : document.documentElement.lang;
  const text = errorText[language === "en" ? "en" : "ko"];
  return (
    <main>
      <Message
        title={text.title}
        body={
          <>
            <p>{text.body}</p>
            {error.digest ? (
              <p className="mt-3 text-xs">
                {text.code}: <code>{error.digest}</code>
              </p>
            ) : null}
          </>
        }
      >
        <button type="button" onClick={reset} className={buttonClass("primary")}>
          {text.retry}
        </button>
        <a href="/account" className={buttonClass("secondary")}>
          {text.account}
        </a>
      </Message>
    </main>
  );
}
