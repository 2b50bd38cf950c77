import { Skeleton } from "@/components/ui/skeleton";

/** The shape of the four figures before they are counted. */
export function FiguresSkeleton() {
  return (
    <div className="grid gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-2 lg:grid-cols-4">
      {["a", "b", "c", "d"].map((key) => (
        <div key={key} className="grid gap-2 bg-surface px-6 py-5">
          <Skeleton className="h-5 w-24" />
          <Skeleton className="h-8 w-36" />
          <Skeleton className="h-4 w-28" />
        </div>
      ))}
    </div>
  );
}

/** The shape of what waits for a person before it is known. */
export function TasksSkeleton() {
  return (
    <div className="grid gap-4">
      <Skeleton className="h-8 w-56" />
      <div className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
        {["a", "b", "c", "d", "e"].map((key) => (
          <div key={key} className="grid gap-2 py-4 sm:grid-cols-[12rem_1fr]">
            <Skeleton className="h-6 w-28" />
            <Skeleton className="h-5 w-4/5" />
          </div>
        ))}
      </div>
    </div>
  );
}
