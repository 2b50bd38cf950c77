import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_BUILD } from "next/constants";
import { bundleCommands } from "./build/commands";
import { compressChunks } from "./build/compress";
import { writeFont } from "./build/font";

const CHUNKS = "/_next/static/chunks/:file";

export default async function config(phase: string): Promise<NextConfig> {
  // A server that only starts has neither the tools of a build nor a need for them.
  if (phase === PHASE_PRODUCTION_BUILD || phase === PHASE_DEVELOPMENT_SERVER) await writeFont();
  const options: NextConfig = {
    typedRoutes: true,
    poweredByHeader: false,
    reactStrictMode: true,
    experimental: {
      // What is posted here is small; more would only be held in memory on its way through the proxy.
      proxyClientMaxBodySize: "1mb",
      // From a cache of an earlier run, Turbopack takes each page load for a change and reloads the page without end.
      turbopackFileSystemCacheForDev: false,
    },
    // A build checks what it builds; `npm test` checks the tests and tools as well.
    typescript: { tsconfigPath: "tsconfig.build.json" },
  };
  return phase === PHASE_DEVELOPMENT_SERVER ? options : { ...options, ...sendBrotli() };
}

/**
 * Sends scripts and styles as the build compressed them: a seventh smaller than the gzip that Next makes on each
 * request. Browsers that do not name `br` still get that.
 */
function sendBrotli(): Pick<NextConfig, "compiler" | "headers" | "rewrites"> {
  const has = [
    { type: "header" as const, key: "accept-encoding", value: "(?:.*[ ,])?br(?:[ ,;].*)?" },
  ];
  const headersOf = (extension: string, type: string) => ({
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
        await compressChunks(distDir);
        await bundleCommands(distDir);
      },
    },
    headers: async () => [headersOf("js", "text/javascript"), headersOf("css", "text/css")],
    rewrites: async () => ({
      beforeFiles: [{ source: `${CHUNKS}(.*\\.(?:js|css))`, has, destination: `${CHUNKS}.br` }],
    }),
  };
}
