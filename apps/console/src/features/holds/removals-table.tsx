import { ChevronDown, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Checkbox, Choice } from '../../ui/field.tsx'
import { Ago, countOf } from '../../ui/time.tsx'
import { type Column, VirtualTable } from '../../ui/virtual-table.tsx'
import {
  chosenOf,
  type Grouping,
  groupRemovals,
  holderName,
  type RemovalRow,
  resourceTitle,
  toRemovalRows,
} from './group-removals.ts'
import { causeOf, causeWords, type HeldRemoval } from './held-causes.ts'
import styles from './removals-table.module.css'

/** So many are shown one by one at once; of more, the groups are closed. */
const openMax = 40

/** All removals in groups that open and close; each of them, and each group, can be chosen. */
export function RemovalsTable({
  removals,
  chosen,
  onChoose,
}: {
  readonly removals: readonly HeldRemoval[]
  readonly chosen: ReadonlySet<string>
  readonly onChoose: (chosen: ReadonlySet<string>) => void
}) {
  const [by, setBy] = useState<Grouping>('cause')
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map())
  const groups = groupRemovals(removals, { by, count: countOf })
  const isOpen = (key: string, depth: number) =>
    toggled.get(`${by}${key}`) ?? (removals.length <= openMax || (depth === 0 && by === 'cause'))
  const rows = toRemovalRows(groups, { by, isOpen })
  const choose = (ids: readonly string[], isChosen: boolean) => {
    const next = new Set(chosen)
    for (const id of ids) isChosen ? next.add(id) : next.delete(id)
    onChoose(next)
  }
  const toggle = (key: string, open: boolean) => setToggled(new Map(toggled).set(`${by}${key}`, open))
  return (
    <>
      <div className={styles.bar}>
        <Choice
          label="Group by"
          value={by}
          onChange={(value) => setBy(value === 'person' ? 'person' : 'cause')}
          options={[
            { value: 'cause', label: 'Cause and resource' },
            { value: 'person', label: 'Person or group' },
          ]}
        />
        <Checkbox
          isSelected={chosen.size === removals.length && removals.length > 0}
          isIndeterminate={chosen.size > 0 && chosen.size < removals.length}
          onChange={(isSelected) =>
            choose(
              removals.map(({ id }) => id),
              isSelected,
            )
          }
        >
          Select all
        </Checkbox>
        <p role="status" className="muted small">
          {countOf(chosen.size, 'removal')} selected
        </p>
      </div>
      <VirtualTable
        label="Held removals"
        columns={columnsOf({ chosen, choose, toggle })}
        rows={rows}
        rowKey={({ key }) => key}
      />
    </>
  )
}

interface RowActions {
  readonly chosen: ReadonlySet<string>
  readonly choose: (ids: readonly string[], isChosen: boolean) => void
  readonly toggle: (key: string, open: boolean) => void
}

function columnsOf(actions: RowActions): readonly Column<RemovalRow>[] {
  return [
    { key: 'what', title: 'What', width: '4fr', cell: (row) => <What row={row} {...actions} /> },
    {
      key: 'level',
      title: 'Level',
      width: '5rem',
      cell: (row) =>
        row.type === 'removal' ? row.removal.level : <span className="muted">{row.group.ids.length}</span>,
    },
    {
      key: 'evidence',
      title: 'Missing in',
      width: '2fr',
      wideOnly: true,
      cell: (row) =>
        row.type === 'removal' ? <Evidence {...row.removal} /> : <span className="muted">{row.group.note}</span>,
    },
  ]
}

const depthClasses = [styles.depth0, styles.depth1, styles.depth2]

function What({ row, chosen, choose, toggle }: { readonly row: RemovalRow } & RowActions) {
  const isGroup = row.type === 'group'
  const ids = isGroup ? row.group.ids : [row.removal.id]
  const how = chosenOf(ids, chosen)
  const label = isGroup ? row.group.title : removalTitle(row.removal, row.by)
  const Icon = isGroup && row.isOpen ? ChevronDown : ChevronRight
  return (
    <span className={`${styles.what} ${depthClasses[row.depth] ?? ''}`}>
      {isGroup && (
        <Button
          look="quiet"
          size="small"
          aria-label={`${row.isOpen ? 'Close' : 'Open'} ${label}`}
          aria-expanded={row.isOpen}
          onPress={() => toggle(row.group.key, !row.isOpen)}
        >
          <Icon aria-hidden="true" size={16} />
        </Button>
      )}
      <Checkbox
        isSelected={how === 'all'}
        isIndeterminate={how === 'some'}
        onChange={(isSelected) => choose(ids, isSelected)}
      >
        <span className={isGroup ? styles.title : undefined}>{label}</span>
      </Checkbox>
    </span>
  )
}

function Evidence({ evidence: { reads, confirmedAt } }: Pick<HeldRemoval, 'evidence'>) {
  return (
    <span className="small">
      {countOf(reads, 'read')}, <Ago at={confirmedAt} />
    </span>
  )
}

function removalTitle(removal: HeldRemoval, by: Grouping): string {
  if (by === 'cause') return holderName(removal) ?? removal.holder
  return `${resourceTitle(removal) ?? removal.resource}: ${lowerFirst(causeWords[causeOf(removal)].title)}`
}

function lowerFirst(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`
}
