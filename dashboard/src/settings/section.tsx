import type { ComponentChildren } from 'preact'
import type { Problem } from '../../../src/contracts/api.ts'
import { BackLink } from '../parts/back-link.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { addressOf } from '../place.ts'
import { words } from '../words/settings.ts'
import type { SectionName } from './sections.ts'

interface SectionProps {
  readonly name: SectionName
  readonly problem: Problem | null
  /** Until it is read there is nothing to show. */
  readonly isRead: boolean
  readonly action?: ComponentChildren
  readonly children: ComponentChildren
}

/** The frame of one section: where it belongs, what it is, and what went wrong with reading it. */
export function Section({ name, problem, isRead, action, children }: SectionProps) {
  const [title, about] = words.settings.sections[name]
  return (
    <div class="setting">
      <BackLink to={addressOf('settings')}>{words.settings.back}</BackLink>
      <div class="title-row">
        <div>
          <h1 class="headline">{title}</h1>
          <p class="subline">{about}</p>
        </div>
        {action}
      </div>
      <ProblemNote problem={problem} />
      {isRead ? children : problem === null && <p class="loading">{words.settings.looking}</p>}
    </div>
  )
}

/** A part of a section under a heading of its own. */
export function Part({
  title,
  text,
  children,
}: {
  readonly title: string
  readonly text?: string | undefined
  readonly children: ComponentChildren
}) {
  return (
    <section class="section part">
      <h2 class="section-title">{title}</h2>
      {text !== undefined && <p class="part-text">{text}</p>}
      {children}
    </section>
  )
}
