"use client";

import { errorText } from "@/components/text/error";
import { buttonClass } from "@/components/ui/button-class";
import { MessagePage } from "./message-page";

export type FaultProps = { error: Error & { digest?: string }; retry: () => void };

/** Shown in place of a page that failed. The person's language stands on the document. */
export function Fault({ error, retry }: FaultProps) {
  const language = typeof document === "undefined" ? "ko" : document.documentElement.lang;
  const text = errorText[language === "en" ? "en" : "ko"];
  return (
    <MessagePage
      title={text.title}
      body={
        <>
          <p>{text.body}</p>
          {error.digest ? (
            <p className="mt-3 text-xs">
              {text.code}: <code>{error.digest}</code>
            </p>
          ) : null}
        </>
      }
    >
      <button type="button" onClick={retry} className={buttonClass("primary")}>
        {text.retry}
      </button>
      <a href="/account" className={buttonClass("secondary")}>
        {text.account}
      </a>
    </MessagePage>
  );
}
