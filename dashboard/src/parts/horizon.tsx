/** The sun before it is up: fills an empty page, says nothing. */
export function Horizon() {
  return (
    <svg class="horizon" viewBox="0 0 1200 320" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <g class="horizon-glow">
        <circle cx="760" cy="320" r="250" />
        <circle cx="760" cy="320" r="190" />
        <circle cx="760" cy="320" r="136" />
      </g>
      <circle class="horizon-sun" cx="760" cy="320" r="92" />
      <path class="horizon-far" d="M0 268c180-46 330-30 520-6s380 44 680-22v80H0z" />
      <path class="horizon-near" d="M0 292c240 26 420-18 640-8s360 34 560-4v40H0z" />
    </svg>
  )
}
