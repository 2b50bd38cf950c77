"use client";

import { useEffect } from "react";

/**
 * Takes a person who is signed in on to `to` by a full page load, so that a page with a security policy of its own
 * gets it. Without JavaScript it is a link.
 */
export function GoOn({ to, children }: { to: string; children: string }) {
  useEffect(() => window.location.replace(to), [to]);
  return (
    <a
      href={to}
      className="inline-flex min-h-12 items-center justify-center rounded-control bg-accent px-5 font-semibold text-on-accent"
    >
      {children}
    </a>
  );
}
