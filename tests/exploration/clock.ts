import { performance } from 'node:perf_hooks';

/** A clock that stands still until it is moved: the time of everything in this process while it is worn. */
export class VirtualClock {
  /** Milliseconds since the epoch. */
  time: number;

  constructor(startsAt: Date) {
    this.time = startsAt.getTime();
  }

  /** Replaces the process's clocks for the time that work takes. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const real = { performance: performance.now, date: Date.now };
    performance.now = () => this.time - performance.timeOrigin;
    Date.now = () => Math.floor(this.time);
    try {
      return await work();
    } finally {
      performance.now = real.performance;
      Date.now = real.date;
    }
  }

  /** Never goes back. */
  reach(time: number): void {
    this.time = Math.max(this.time, time);
  }
}
