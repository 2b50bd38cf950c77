import type { ReactNode } from "react";

/** A narrow page with one form. */
export function AuthPage({
  title,
  lead,
  children,
}: {
  title: string;
  lead: string;
  children: ReactNode;
}) {
  return (
    <div className="mx-auto grid max-w-md gap-8 px-5 pt-12 sm:px-0 sm:pt-20">
      <header className="grid gap-2">
        <h1 className="text-xl">{title}</h1>
        <p className="text-muted">{lead}</p>
      </header>
      {children}
    </div>
  );
}

/** The other of signing in and signing up, as easy to find as the form. */
export function OtherWay({ question, children }: { question: string; children: ReactNode }) {
  return (
    <div className="grid gap-3 border-line border-t pt-6">
      <p className="text-center text-muted text-sm">{question}</p>
      {children}
    </div>
  );
}

/** A quiet question with the way out beside it. */
export function AuthAside({ children }: { children: ReactNode }) {
  return (
    <p className="flex flex-wrap items-center justify-center gap-x-2 text-muted text-sm [&_a]:inline-flex [&_a]:min-h-11 [&_a]:items-center [&_a]:font-semibold [&_a]:text-accent [&_a]:underline-offset-4 [&_a:hover]:underline">
      {children}
    </p>
  );
}
