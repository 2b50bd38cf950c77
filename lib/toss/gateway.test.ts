/** Toss, as the emulator speaks it over HTTP, keeps the contract of every gateway. */
import { describeGateway } from "@/lib/testing/gateway-contract";
import { clientOf } from "@/lib/testing/scripted-toss";
import { startTossEmulator } from "@/packages/toss-twin/emulator";

describeGateway("Toss", async () => {
  const { control, url, close } = await startTossEmulator({ port: 0 });
  return {
    gateway: clientOf(url),
    close,
    authorizeCard: async (customerKey) => (await control.authorizeBilling({ customerKey })).authKey,
    authorizePayment: async ({ orderId, amountWon }) =>
      (await control.authorizePayment({ orderId, amount: amountWon, orderName: "도입 교육" }))
        .paymentKey,
    async loseNext(operation) {
      await control.addFault({ kind: "hang-up-after-execute", match: { operation } });
    },
    async declineNext() {
      const match = { operation: "charge" } as const;
      await control.addFault({ kind: "decline", code: "REJECT_CARD_PAYMENT", match });
    },
  };
});
