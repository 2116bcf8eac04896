/** Of times: what `Intl` does not say. */
export const time = {
  yesterday: 'yesterday',
  today: 'today',
  tomorrow: 'tomorrow',
  /** The time zone of every clock on this page. */
  inIndia: (moment: string) => `${moment} IST`,
  over: 'over',
  daysLeft: (days: number, hours: number) => `${days} d ${hours} h left`,
  hoursLeft: (hours: number, minutes: number) => `${hours} h ${minutes} min left`,
  minutesLeft: (minutes: number) => `${minutes} min left`,
  minutesAndSecondsLeft: (minutes: number, seconds: number) => `${minutes} min ${seconds} s left`,
  secondsLeft: (seconds: number) => `${seconds} s left`,
  ends: (moment: string) => `ends ${moment}`,
  ended: (moment: string) => `ended ${moment}`,
  took: (milliseconds: number) => `${milliseconds} ms`,
}
