import type { ComponentChildren } from 'preact'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onPress?: (() => void) | undefined
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' | undefined
  readonly type?: 'button' | 'submit' | undefined
  readonly isBusy?: boolean | undefined
  readonly isBig?: boolean | undefined
  readonly label?: string | undefined
}

export function Button({
  children,
  onPress,
  look = 'plain',
  type = 'button',
  isBusy,
  isBig,
  label,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${look}${isBig ? ' button-big' : ''}`}
      onClick={onPress}
      disabled={isBusy}
      aria-busy={isBusy}
      aria-label={label}
    >
      {children}
    </button>
  )
}
