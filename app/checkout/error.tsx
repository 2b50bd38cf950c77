"use client";

import { Fault, type FaultProps } from "@/components/site/fault";

/** Shown inside the frame of the page that failed, so that the header stays. */
export default function ErrorPage(props: FaultProps) {
  return <Fault {...props} />;
}
