import type { Endpoint } from '../http/endpoint.ts'
import { links } from './shapes.ts'

/** The workspace itself, whole. */
export const workspaceEndpoints: readonly Endpoint[] = [
  {
    path: '/2.0/workspaces/{workspace}',
    scopes: [],
    answer({ workspace, url }) {
      const { uuid, slug, name, createdOn } = workspace
      const self = `/2.0/workspaces/${slug}`
      return {
        type: 'workspace',
        uuid,
        slug,
        name,
        is_private: true,
        is_privacy_enforced: false,
        forking_mode: 'allow_forks',
        created_on: createdOn,
        updated_on: createdOn,
        links: links(url, {
          self,
          html: `/${slug}/`,
          avatar: `/workspaces/${slug}/avatar/`,
          members: `${self}/members`,
          owners: `${self}/permissions?q=permission%3D%22owner%22`,
          projects: `${self}/projects`,
          repositories: `/2.0/repositories/${slug}`,
          snippets: `/2.0/snippets/${slug}`,
        }),
      }
    },
  },
]
