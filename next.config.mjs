import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD } from "next/constants.js";

const CHUNKS = "/_next/static/chunks/:file";

/** @param {string} phase */
export default async function config(phase) {
  // A server that only starts has neither the tools of a build nor a need for them.
  if (phase === PHASE_PRODUCTION_BUILD || phase === PHASE_DEVELOPMENT_SERVER) {
    const { writeFont } = await import("./build/font.mjs");
    await writeFont();
  }
  /** @satisfies {import("next").NextConfig} */
  const options = {
    typedRoutes: true,
    poweredByHeader: false,
    reactStrictMode: true,
    // What is posted here is small; more would only be held in memory on its way through the proxy.
    experimental: { proxyClientMaxBodySize: "1mb" },
    // A build checks what it builds; `npm test` checks the tests and tools as well.
    typescript: { tsconfigPath: "tsconfig.build.json" },
  };
  return phase === PHASE_DEVELOPMENT_SERVER ? options : { ...options, ...sendBrotli() };
}

/**
 * Sends scripts and styles as the build compressed them: a seventh smaller than the gzip that Next makes on each
 * request. Browsers that do not name `br` still get that.
 * @returns {Pick<import("next").NextConfig, "compiler" | "headers" | "rewrites">}
 */
function sendBrotli() {
  /** @type {[import("next/dist/lib/load-custom-routes").RouteHas]} */
  const has = [{ type: "header", key: "accept-encoding", value: "(?:.*[ ,])?br(?:[ ,;].*)?" }];
  const headersOf = (extension, type) => ({
    source: `${CHUNKS}(.*\\.${extension})`,
    has,
    headers: [
      { key: "content-encoding", value: "br" },
      { key: "content-type", value: `${type}; charset=utf-8` },
      { key: "vary", value: "accept-encoding" },
    ],
  });
  return {
    compiler: {
      async runAfterProductionCompile({ distDir }) {
        const { compressChunks } = await import("./build/compress.mjs");
        await compressChunks(distDir);
        const { bundleCommands } = await import("./build/commands.mjs");
        await bundleCommands(distDir);
      },
    },
    headers: async () => [headersOf("js", "text/javascript"), headersOf("css", "text/css")],
    rewrites: async () => ({
      beforeFiles: [{ source: `${CHUNKS}(.*\\.(?:js|css))`, has, destination: `${CHUNKS}.br` }],
    }),
  };
}
