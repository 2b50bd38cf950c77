/** `npm run bench -- NAME [options]`: measurements anyone can repeat; the last line printed is one line of JSON. */
import { benchClaim } from "./claim";
import { benchRenewals } from "./renewals";
import { benchTossTwin } from "./toss-twin";
import { benchWeight } from "./weight";

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  renewals: benchRenewals,
  claim: benchClaim,
  "toss-twin": benchTossTwin,
  weight: benchWeight,
};

const [benchName = "", ...options] = process.argv.slice(2);
const bench = BENCHES[benchName];
if (bench) await bench(options);
else {
  process.stderr.write(
    "Usage: npm run bench -- renewals [--due N] [--total M] [--latency MS] [--toss URL]\n",
  );
  process.stderr.write("       npm run bench -- claim [--totals 10000,1000000]\n");
  process.stderr.write("       npm run bench -- toss-twin [--charges N] [--runs N]\n");
  process.stderr.write("       npm run bench -- weight\n");
  process.exitCode = 2;
}
