import { Button, Menu } from '@mantine/core';
import type { View, ViewScreen } from '@sluice/shared/api';
import { IconBookmark, IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { viewsQuery } from '../../api/queries.js';
import { keptParts } from './kept-parts.js';
import { ViewsDialog } from './ViewsDialog.js';

/** The filters of a screen under names: the address is the view, so that opening one is going there. */
export function SavedViews<Search extends object>(props: {
  screen: ViewScreen;
  search: Search;
  onOpen: (search: Search) => void;
}) {
  const all = useQuery(viewsQuery()).data?.items ?? [];
  const views = all.filter(({ screen }) => screen === props.screen);
  const [isManaging, setManaging] = useState(false);
  const kept = keptParts(props.search);
  const current = views.find(({ search }) => isSame(search, kept));
  return (
    <>
      <Menu>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconBookmark size={15} stroke={1.75} />}
            rightSection={<IconChevronDown size={14} stroke={2} />}
          >
            View&nbsp;<b>{current?.name ?? 'none'}</b>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {groupsOf(views).map(({ title, items }) => (
            <div key={title} role="group" aria-label={title}>
              <Menu.Label>{title}</Menu.Label>
              {items.map((view) => (
                <Menu.Item
                  key={view.id}
                  aria-current={view.id === current?.id || undefined}
                  // Parts that this screen wrote; its route drops what it no longer knows.
                  onClick={() => props.onOpen(view.search as Search)}
                >
                  {view.name}
                </Menu.Item>
              ))}
            </div>
          ))}
          <Menu.Item onClick={() => setManaging(true)}>Save or remove a view</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isManaging && (
        <ViewsDialog screen={props.screen} views={views} search={kept} onClose={() => setManaging(false)} />
      )}
    </>
  );
}

function groupsOf(views: readonly View[]): { title: string; items: View[] }[] {
  return [
    { title: 'Yours', items: views.filter(({ isShared }) => !isShared) },
    { title: 'Everybody’s', items: views.filter(({ isShared }) => isShared) },
  ].filter(({ items }) => items.length > 0);
}

function isSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name]);
}
