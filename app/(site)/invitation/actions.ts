"use server";

import { redirect } from "next/navigation";
import { z } from "zod";
import { refused, signedInAction } from "@/app/action";
import { authText } from "@/components/text/auth";
import { memberText } from "@/components/text/member";
import { deps } from "@/deps";
import { currentSessionId } from "@/lib/auth/session";
import { acceptInvitation } from "@/lib/operations/account/accept-invitation";
import { switchAccount } from "@/lib/operations/account/switch";

export const acceptAction = signedInAction(
  z.object({ token: z.string().max(100) }),
  async ({ userId }, { token }, { locale, address }) => {
    const text = memberText[locale].invitation;
    const result = await acceptInvitation(deps(), { token, address, userId });
    if (!result.ok) {
      const { refusal } = result;
      switch (refusal.code) {
        case "too-many-tries":
          return refused(authText[locale].tooMany(refusal.waitMinutes));
        case "link-expired":
          return refused(text.over);
        case "already-member":
          return refused(text.already);
        default:
          return refusal satisfies never;
      }
    }
    const session = { id: (await currentSessionId()) ?? "", userId };
    await switchAccount(deps(), session, result.value.accountId);
    redirect("/account?notice=joined");
  },
);
