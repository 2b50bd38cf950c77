"use client";

import type { FaultProps } from "@/components/site/fault";
import "./globals.css";
import ErrorPage from "./error";

/** Shown when even the frame of the page failed. */
export default function GlobalError(props: FaultProps) {
  return (
    <html lang={typeof document === "undefined" ? "ko" : document.documentElement.lang}>
      <body className="antialiased">
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
