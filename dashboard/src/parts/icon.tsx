/** Drawn in strokes on 20 × 20. */
const shapes = {
  today: 'M3 15h14M5.5 15a4.5 4.5 0 0 1 9 0M10 4v3M4.2 8.2l1.6 1.6M15.8 8.2l-1.6 1.6',
  accounts: 'M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6M4 16.5c.6-2.8 3-4.3 6-4.3s5.4 1.5 6 4.3',
  portfolio: 'M4 16.5V11M8 16.5V7M12 16.5v-4M16 16.5V4',
  programs: 'M7 7l-3.5 3.200L7 13.5M13 7l3.5 3.200L13 13.5M11 5.5L9 15',
  audit: 'M5 4h10v12.5H5zM7.5 7.5h5M7.5 10.5h5M7.5 13.5h3',
  settings: 'M4 6h6M14 6h2M12 4.5v3M4 14h2M10 14h6M8 12.5v3M4 10h9M15.5 10h.5M14 8.5v3',
  doctor: 'M3.5 10.5h3l2-5 3 9 2-4h3',
  close: 'M5 5l10 10M15 5L5 15',
  again: 'M15.5 6.5A6.3 6.3 0 1 0 16.3 11M16 3v4h-4',
  eye: 'M2.5 10s2.8-5 7.5-5 7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5M10 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6',
  eyeClosed: 'M3 8.5c1.5 2 4 3.5 7 3.5s5.5-1.5 7-3.5M5.5 11L4 13.2M14.5 11l1.5 2.2M10 12v2.7',
  onward: 'M8 5l5 5-5 5',
  back: 'M12 5l-5 5 5 5',
  tick: 'M4.5 10.5l4 4 7-8.5',
  login: 'M11.5 4H16v12h-4.5M3.5 10h8M8.5 7l3 3-3 3',
  session:
    'M10 7.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M10 3v1.2M10 15.8V17M3 10h1.2M15.8 10H17M5 5l.9.9M14.1 14.1l.9.9M15 5l-.9.9M5.9 14.1l-.9.9',
  gate: 'M4 16.5V5.5M16 16.5V5.5M4 8.5h12M4 13h12M8 8.5V13M12 8.5V13',
  key: 'M6.5 7.2a2.8 2.8 0 1 0 0 5.6a2.8 2.8 0 0 0 0-5.6M9.3 10H17v2.5M14 10v2',
  page: 'M3.5 4.5h13v11h-13zM3.5 8h13M6 6.2h.01',
  alert: 'M5.5 13.5V9a4.5 4.5 0 0 1 9 0v4.5M4 13.5h12M8.7 16.3h2.6',
  house: 'M3.5 10L10 4.5l6.5 5.5M5.5 8.7v7.3h9V8.7',
  plug: 'M7 3.5v3.5M13 3.5v3.5M5 7h10v2.5a5 5 0 0 1-10 0zM10 14.5v2.5',
} as const
export type IconName = keyof typeof shapes

/** Beside words, which say the same: no screen reader names it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
      <path d={shapes[name]} />
    </svg>
  )
}
