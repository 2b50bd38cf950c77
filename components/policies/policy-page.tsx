import { policiesText, TERMS_EFFECTIVE_ON, TERMS_VERSION } from "@/components/text/policies";
import type { PolicyBlock } from "@/components/text/policy-shape";
import { Day } from "@/components/ui/day";
import { Table } from "@/components/ui/table";
import { findLocale } from "@/lib/http/locale";
import { env } from "@/lib/runtime/env";

/** One of the legal texts with its version and the day it took effect. */
export async function PolicyPage({ policy }: { policy: keyof (typeof policiesText)["ko"] }) {
  const locale = await findLocale();
  const isKorean = locale === "ko";
  const seller = env();
  const missing = isKorean ? "(등록 전)" : "(not yet entered)";
  const text = policiesText[locale][policy]({
    name: seller.BUSINESS_NAME ?? (isKorean ? "매달" : "Maedal"),
    representative: seller.BUSINESS_REPRESENTATIVE ?? missing,
    email: seller.BUSINESS_EMAIL ?? missing,
    phone: seller.BUSINESS_PHONE ?? missing,
    hosting: seller.BUSINESS_HOSTING_PROVIDER ?? missing,
  });
  return (
    <article className="mx-auto grid max-w-[45rem] gap-10 px-5 pt-12 sm:px-8 sm:pt-16">
      <header className="grid gap-3">
        <h1 className="text-xl">{text.title}</h1>
        <p className="text-muted">{text.lead}</p>
        <p className="text-muted text-sm">
          {isKorean ? "버전" : "Version"} {TERMS_VERSION} ·{" "}
          {isKorean ? "시행일" : "In effect since"} <Day on={TERMS_EFFECTIVE_ON} locale={locale} />
        </p>
      </header>
      {text.sections.map(({ heading, blocks }) => (
        <section key={heading} className="grid gap-3">
          <h2 className="text-lg">{heading}</h2>
          {blocks.map((block) => (
            <Block key={typeof block === "string" ? block : JSON.stringify(block)} block={block} />
          ))}
        </section>
      ))}
    </article>
  );
}

function Block({ block }: { block: PolicyBlock }) {
  if (typeof block === "string") return <p>{block}</p>;
  if ("list" in block) {
    return (
      <ul className="grid list-disc gap-2 pl-5 marker:text-muted">
        {block.list.map((item) => (
          <li key={item}>{item}</li>
        ))}
      </ul>
    );
  }
  const rows = block.rows.map((cells) => ({ key: cells.join(), cells }));
  return <Table caption={block.caption} columns={block.columns} rows={rows} />;
}
