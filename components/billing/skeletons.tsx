import { Skeleton } from "@/components/ui/skeleton";

/** The shape of a subscription before it is known. */
export function AccountSkeleton() {
  return (
    <div className="grid gap-6 rounded-card border border-line bg-surface p-6 sm:p-8">
      <Skeleton className="h-6 w-32" />
      <Skeleton className="h-9 w-4/5" />
      <Skeleton className="h-5 w-3/5" />
      <div className="grid gap-3 border-line border-t pt-6">
        {["a", "b", "c", "d"].map((key) => (
          <Skeleton key={key} className="h-5 w-full" />
        ))}
      </div>
      <div className="grid grid-cols-2 gap-3 border-line border-t pt-6">
        {["a", "b", "c", "d"].map((key) => (
          <Skeleton key={key} className="h-12 w-full" />
        ))}
      </div>
    </div>
  );
}

/** The shape of a list of payments. */
export function PaymentsSkeleton() {
  return (
    <div className="divide-y divide-line rounded-card border border-line bg-surface px-6 sm:px-8">
      {["a", "b", "c"].map((key) => (
        <div key={key} className="grid gap-2 py-6">
          <Skeleton className="h-6 w-2/5" />
          <Skeleton className="h-5 w-4/5" />
          <Skeleton className="h-5 w-1/3" />
        </div>
      ))}
    </div>
  );
}
