/** Counts calls by name within each minute of real time. */
export class RateLimit {
  private minute = 0;
  private readonly counts = new Map<string, number>();

  /** Whether this call is one too many; 0 allows any number. */
  isExceeded(name: string, perMinute: number): boolean {
    if (perMinute === 0) return false;
    const minute = Math.floor(performance.now() / 60_000);
    if (minute !== this.minute) {
      this.minute = minute;
      this.counts.clear();
    }
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    return count > perMinute;
  }
}
