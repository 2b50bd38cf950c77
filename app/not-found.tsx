import type { Metadata } from "next";
import { Message } from "@/components/site/message";
import { Shell } from "@/components/site/shell";
import { siteText } from "@/components/text/site";
import { LinkButton } from "@/components/ui/button";
import { findLocale } from "@/lib/http/locale";

export async function generateMetadata(): Promise<Metadata> {
  return { title: siteText[await findLocale()].notFound.title };
}

export default async function NotFound() {
  const text = siteText[await findLocale()].notFound;
  return (
    <Shell>
      <Message title={text.title} body={text.body}>
        <LinkButton href="/" variant="primary">
          {text.home}
        </LinkButton>
        <LinkButton href="/pricing">{text.pricing}</LinkButton>
      </Message>
    </Shell>
  );
}
