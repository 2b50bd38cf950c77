"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { done, operatorAction, refused, rowId } from "@/app/action";
import { adminText } from "@/components/text/admin";
import { deps } from "@/deps";
import { replayWebhook } from "@/lib/operations/webhook/replay";
import { operator } from "@/lib/operations/work";

/** Looks once more at a webhook; pressed twice it changes nothing twice. */
export const replayWebhookAction = operatorAction(
  z.object({ webhookId: rowId }),
  async ({ userId }, { webhookId }) => {
    const result = await replayWebhook(deps(), { webhookId, actor: operator(userId) });
    if (!result.ok) return refused(adminText.refused.unknown);
    refresh();
    const { replayed, results } = adminText.webhooks;
    return done(replayed(results[result.value]));
  },
);
