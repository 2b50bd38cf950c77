import { describeGateway } from "./gateway-contract";
import { createPlainProvider } from "./plain-provider";

describeGateway("a provider that can do less", async () =>
  createPlainProvider({ now: () => new Date("2027-01-31T10:00:00+09:00") }),
);
