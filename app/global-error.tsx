"use client";

import "./globals.css";
import ErrorPage from "./error";

/** Shown when even the frame of the page failed. */
export default function GlobalError(props: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="ko">
      <body className="antialiased">
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
