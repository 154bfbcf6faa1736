import { Panel } from '../../ui/panel.tsx'
import { causeOf, causeWords, type HeldRemoval } from './held-causes.ts'

/** What usually lies behind such removals, and what Clarity would make of them. */
export function Explanations({ removals }: { readonly removals: readonly HeldRemoval[] }) {
  const causes = [...Map.groupBy(removals, causeOf)].toSorted(([, a], [, b]) => b.length - a.length)
  return (
    <div className="stack">
      <Panel title="What usually explains this">
        <div className="stack">
          {causes.map(([cause]) => {
            const { title, explanations, check } = causeWords[cause]
            return (
              <div key={cause} className="stack-small">
                <h3>{title}</h3>
                <ul>
                  {explanations.map((explanation) => (
                    <li key={explanation}>{explanation}</li>
                  ))}
                </ul>
                <p className="muted small">{check}</p>
              </div>
            )
          })}
        </div>
      </Panel>
      <Panel title="What Clarity would do with it">
        <ul className="stack-small">
          <li>It takes the access away from the people, as it shows it, and closes open reviews of it.</li>
          <li>Where a policy says that somebody must have it, Clarity asks for it again, every hour.</li>
          <li>If it was an error, the next sync tells all of it as new: reviews that were closed stay closed.</li>
        </ul>
      </Panel>
    </div>
  )
}
