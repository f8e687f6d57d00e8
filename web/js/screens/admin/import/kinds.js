/** What a file may hold. */
export const KINDS = ['athletes', 'registrations', 'results', 'events', 'races', 'users', 'bulk'];
