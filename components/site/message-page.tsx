import type { ReactNode } from "react";

/** A page that says one thing: what is so, and under it what one can do. */
export function MessagePage({
  title,
  body,
  children,
}: {
  title: string;
  body: ReactNode;
  children?: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-xl gap-4 px-5 py-20 sm:px-8 sm:py-28">
      <h1 className="text-xl">{title}</h1>
      <div className="text-muted">{body}</div>
      {children ? <div className="mt-4 flex flex-wrap gap-3">{children}</div> : null}
    </div>
  );
}
