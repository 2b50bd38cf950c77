"use client";

import { Fault, type FaultProps } from "@/components/site/fault";

/** Shown in place of a page that failed together with the frame around it. */
export default function ErrorPage(props: FaultProps) {
  return (
    <main>
      <Fault {...props} />
    </main>
  );
}
