// Moments in the zone of the person who looks. A moment is a number of seconds since 1970.

const formats = new Map();

function format(zone, options) {
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) {
    let made;
    try {
      made = new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
    } catch {
      made = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
    }
    formats.set(key, made);
  }
  return formats.get(key);
}

function say(seconds, zone, options) {
  return format(zone || "UTC", options).format(new Date(seconds * 1000));
}

/** Seconds of whatever the server calls a moment: seconds, or an ISO string. */
export function moment(value) {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return Date.now() / 1000;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value);
  const stamped = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`;
  return Date.parse(stamped) / 1000;
}

export const iso = (seconds) => new Date(seconds * 1000).toISOString();

/** Year, month, day, hour, minute as a clock on the wall in that zone shows them. */
export function parts(seconds, zone) {
  const options = {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
    hourCycle: "h23",
  };
  const found = {};
  for (const part of format(zone || "UTC", options).formatToParts(new Date(seconds * 1000))) {
    found[part.type] = Number(part.value);
  }
  return found;
}

/** The moment at which a clock on the wall in that zone shows this. */
export function fromWall(year, month, day, hour, minute, zone) {
  const wanted = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  let guess = wanted;
  for (let i = 0; i < 3; i += 1) {
    const p = parts(guess, zone);
    guess += wanted - Date.UTC(p.year, p.month - 1, p.day, p.hour, p.minute) / 1000 - (guess % 60);
  }
  return guess;
}

const two = (n) => String(n).padStart(2, "0");

export const time = (seconds, zone) => say(seconds, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export const timeToTheSecond = (seconds, zone) => say(seconds, zone, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const days = new Map();

/** 2026-11-24, that day in that zone. Remembered by quarter hour, as no zone changes within one. */
export function day(seconds, zone) {
  const key = `${zone} ${Math.floor(seconds / 900)}`;
  if (!days.has(key)) {
    const p = parts(seconds, zone);
    days.set(key, `${p.year}-${two(p.month)}-${two(p.day)}`);
  }
  return days.get(key);
}

/** 2026-11-24T15:00, what a datetime-local field holds. */
export function local(seconds, zone) {
  const p = parts(seconds, zone);
  return `${day(seconds, zone)}T${two(p.hour)}:${two(p.minute)}`;
}

/** The moment of a datetime-local field's text, or null. */
export function fromLocal(text, zone) {
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(text);
  return m ? fromWall(Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4]), Number(m[5]), zone) : null;
}

/** Tue 24 Nov, 15:00 */
export function clockLabel(seconds, zone) {
  const date = say(seconds, zone, { weekday: "short", day: "numeric", month: "short" }).replace(",", "");
  return `${date}, ${time(seconds, zone)}`;
}

/** Tuesday, 24 November 2026 at 15:00 */
export function long(seconds, zone) {
  return `${longDate(seconds, zone, true)} at ${time(seconds, zone)}`;
}

function longDate(seconds, zone, withYear) {
  const weekday = say(seconds, zone, { weekday: "long" });
  const date = say(seconds, zone, { day: "numeric", month: "long", ...(withYear ? { year: "numeric" } : {}) });
  return `${weekday}, ${date}`;
}

function relative(seconds, now, zone) {
  const days = (Date.parse(day(seconds, zone)) - Date.parse(day(now, zone))) / 86400000;
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days];
}

/** Today, Yesterday, or Tuesday, 24 November (with the year when it is another). */
export function dayLabel(seconds, now, zone) {
  const other = parts(seconds, zone).year !== parts(now, zone).year;
  return relative(seconds, now, zone) || longDate(seconds, zone, other);
}

/** "today at 15:00", "24 Nov at 15:00": for thread summaries. */
export function when(seconds, now, zone) {
  const near = relative(seconds, now, zone);
  const date = near ? near.toLowerCase() : say(seconds, zone, { day: "numeric", month: "short" });
  return `${date} at ${time(seconds, zone)}`;
}

/** The next Monday 09:00 in that zone, always later than now. */
export function nextMonday(now, zone) {
  const p = parts(now, zone);
  const weekday = new Date(Date.UTC(p.year, p.month - 1, p.day)).getUTCDay();
  let ahead = (8 - weekday) % 7;
  if (ahead === 0 && p.hour >= 9) ahead = 7;
  const monday = new Date(Date.UTC(p.year, p.month - 1, p.day + ahead));
  return fromWall(monday.getUTCFullYear(), monday.getUTCMonth() + 1, monday.getUTCDate(), 9, 0, zone);
}

/** 09:00 of the next day in that zone. */
export function tomorrowMorning(now, zone) {
  const p = parts(now, zone);
  const next = new Date(Date.UTC(p.year, p.month - 1, p.day + 1));
  return fromWall(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), 9, 0, zone);
}

const DATE_TOKENS = {
  date_num: (s, z) => day(s, z),
  date: (s, z) => say(s, z, { day: "numeric", month: "long", year: "numeric" }),
  date_short: (s, z) => say(s, z, { day: "numeric", month: "short", year: "numeric" }),
  date_long: (s, z) => longDate(s, z, true),
  time: (s, z) => time(s, z),
  time_secs: (s, z) => timeToTheSecond(s, z),
};

function ago(seconds, now) {
  const away = Math.abs(now - seconds);
  const [size, unit] = away < 3600 ? [60, "minute"] : away < 86400 ? [3600, "hour"] : [86400, "day"];
  const n = Math.max(1, Math.round(away / size));
  const many = `${n} ${unit}${n === 1 ? "" : "s"}`;
  return seconds > now ? `in ${many}` : `${many} ago`;
}

/** Slack's date format string, e.g. "{date_short} at {time}", in this zone. */
export function slackDate(seconds, pattern, now, zone) {
  return pattern.replace(/\{(\w+)\}/g, (whole, token) => {
    if (token === "ago") return ago(seconds, now);
    const bare = token.replace(/_pretty$/, "").replace(/^day_divider$/, "date_long");
    if (!DATE_TOKENS[bare]) return whole;
    const near = token.endsWith("_pretty") && relative(seconds, now, zone);
    return near ? near.toLowerCase() : DATE_TOKENS[bare](seconds, zone);
  });
}
