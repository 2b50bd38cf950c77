"use client";

import { useLinkStatus } from "next/link";
import { useEffect, useState } from "react";

/** Stands inside a link and shows, from the press on, that its page is on the way. */
export function LinkPending() {
  return useLinkStatus().pending ? <PendingBar /> : null;
}

/** The same for links and forms that leave the page by a full load, as those to and from the Toss window do. */
export function LeavingPending() {
  const [isLeaving, setIsLeaving] = useState(false);
  useEffect(() => {
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a") : null;
      if (link && !event.defaultPrevented && leavesPage(event, link)) setIsLeaving(true);
    };
    const onSubmit = (event: SubmitEvent) => {
      if (!event.defaultPrevented) setIsLeaving(true);
    };
    // A browser may keep the page as it was left and show it again.
    const onShow = () => setIsLeaving(false);
    window.addEventListener("click", onClick);
    window.addEventListener("submit", onSubmit);
    window.addEventListener("pageshow", onShow);
    return () => {
      window.removeEventListener("click", onClick);
      window.removeEventListener("submit", onSubmit);
      window.removeEventListener("pageshow", onShow);
    };
  }, []);
  return isLeaving ? <PendingBar /> : null;
}

function leavesPage(event: MouseEvent, link: HTMLAnchorElement): boolean {
  const opensElsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  const isHere = link.pathname === location.pathname && link.search === location.search;
  return !opensElsewhere && link.target === "" && link.origin === location.origin && !isHere;
}

function PendingBar() {
  return (
    <span
      aria-hidden
      data-pending
      className="fixed inset-x-0 top-0 z-30 h-1 origin-left animate-pending bg-accent"
    />
  );
}
