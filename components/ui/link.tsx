import type { Route } from "next";
import NextLink from "next/link";
import type { ComponentProps } from "react";
import { LinkPending } from "./pending";

/** A link to a page of ours. Once pressed it shows that the page is on the way. */
export function Link({
  children,
  ...link
}: { href: Route } & Omit<ComponentProps<typeof NextLink>, "href">) {
  return (
    <NextLink {...link}>
      {children}
      <LinkPending />
    </NextLink>
  );
}
