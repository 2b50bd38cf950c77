import { Monitor, Moon, Sun } from "lucide-react";
import { siteText } from "@/components/text/site";
import { findLocale, hasOwnLocale } from "@/lib/http/locale";
import { findTheme } from "@/lib/http/theme";

const SEGMENT =
  "flex min-h-10 items-center gap-1.5 rounded-[0.5rem] px-3 font-medium text-muted transition-colors duration-150 hover:text-ink aria-pressed:bg-raised aria-pressed:font-semibold aria-pressed:text-ink";

/** Language and colours, as plain forms: chosen on the server, so nothing flashes and no script is needed. */
export async function Preferences() {
  const locale = await findLocale();
  const theme = (await findTheme()) ?? "system";
  const text = siteText[locale];
  const themes = [
    { value: "system", Icon: Monitor },
    { value: "light", Icon: Sun },
    { value: "dark", Icon: Moon },
  ] as const;
  return (
    <form id="preferences" method="post" action="/api/preferences" className="flex flex-wrap gap-2">
      {(await hasOwnLocale()) ? null : (
        <fieldset className="flex rounded-control bg-sunken p-1">
          <legend className="sr-only">{text.language}</legend>
          {(["ko", "en"] as const).map((value) => (
            <button
              key={value}
              type="submit"
              name="locale"
              value={value}
              lang={value}
              aria-pressed={locale === value}
              className={SEGMENT}
            >
              {value === "ko" ? "한국어" : "English"}
            </button>
          ))}
        </fieldset>
      )}
      <fieldset className="flex rounded-control bg-sunken p-1">
        <legend className="sr-only">{text.theme}</legend>
        {themes.map(({ value, Icon }) => (
          <button
            key={value}
            type="submit"
            name="theme"
            value={value}
            aria-label={text.themes[value]}
            title={text.themes[value]}
            aria-pressed={theme === value}
            className={SEGMENT}
          >
            <Icon aria-hidden className="size-4" />
          </button>
        ))}
      </fieldset>
    </form>
  );
}
