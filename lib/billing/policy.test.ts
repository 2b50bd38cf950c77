import { expect, it } from "vitest";
import { isBlackout } from "@/lib/billing/charge/charge";
import { day } from "@/lib/testing/billing";
import { seoulInstant } from "./calendar";
import {
  BLACKOUT,
  BRAKE,
  CHARGE_HOUR,
  CHECKOUT_HOURS,
  CONSENT_WINDOW_DAYS,
  FORECAST_DAYS,
  PASSWORD_RESET_MINUTES,
  RECONCILE_DAYS,
  WITHDRAWAL_DAYS,
} from "./policy";

it("charges lie between 01:00 and 22:00, outside the hours in which banks close their day", () => {
  expect(CHARGE_HOUR).toBeGreaterThanOrEqual(1);
  expect(CHARGE_HOUR).toBeLessThanOrEqual(22);
  expect(isBlackout(seoulInstant(day("2027-01-31"), CHARGE_HOUR))).toBe(false);
  expect(BLACKOUT.fromMinute).toBeGreaterThan(BLACKOUT.toMinute);
});

it("the windows the law sets are not widened", () => {
  expect(CONSENT_WINDOW_DAYS).toBeLessThanOrEqual(30);
  expect(WITHDRAWAL_DAYS).toBeGreaterThanOrEqual(7);
});

it("nothing that was sent out stays open for long", () => {
  expect(CHECKOUT_HOURS).toBeLessThanOrEqual(24);
  expect(PASSWORD_RESET_MINUTES).toBeLessThanOrEqual(60);
});

it("the brake lets ordinary days pass, and a standstill of days leaves something to compare with", () => {
  expect(BRAKE.factor).toBeGreaterThan(1);
  expect(BRAKE.floor.count).toBeGreaterThan(0);
  expect(BRAKE.overFloor.count).toBeLessThan(BRAKE.floor.count);
  expect(FORECAST_DAYS).toBeGreaterThan(1);
  expect(RECONCILE_DAYS).toBeGreaterThan(1);
});
