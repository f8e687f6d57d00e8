import { ref, watch } from '../../../core/vue.js';
import { html } from '../../../core/html.js';

/** One cell to type into. What is being typed stays while its surroundings are drawn anew. Emits `write` with the new text. */
export const Cell = {
  props: { text: String, label: String, column: Number, about: String },
  emits: ['write'],
  setup(props, { emit }) {
    const draft = ref(null);
    const element = ref(null);
    watch(() => props.text, () => document.activeElement === element.value || (draft.value = null));
    const change = (event) => {
      const to = event.target.value.trim();
      if (to !== props.text) emit('write', to);
    };
    const leave = (event) => event.key === 'Escape' && draft.value !== null && [event.stopPropagation(), event.preventDefault(), (draft.value = null)];
    return () => html`<input ref=${element} class=${['input', !props.about && 'quiet']} value=${draft.value ?? props.text} data-column=${props.column}
      aria-label=${props.label} aria-invalid=${props.about ? 'true' : null} aria-describedby=${props.about || null}
      autocomplete="off" spellcheck="false" onInput=${(event) => (draft.value = event.target.value)} onKeydown=${leave} onChange=${change} />`;
  },
};
