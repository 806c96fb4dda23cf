/** Seconds of a duration as people write it: `90s`, `30m`, `1h30m`, `2d`; undefined for anything else, and for none at all. */
export function secondsOfDuration(text: string): number | undefined {
  const parts = /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?$/.exec(
    text.replaceAll(' ', ''),
  );
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0)) as [number, number, number, number];
  const all = 86_400 * days + 3600 * hours + 60 * minutes + seconds;
  return all > 0 && Number.isFinite(all) ? all : undefined;
}
