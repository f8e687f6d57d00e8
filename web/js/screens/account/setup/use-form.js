import { nextTick, reactive, ref } from '../../../core/vue.js';
import { t } from '../../../core/i18n.js';
import { focusFirstError } from '../../../ui/field.js';

/**
 * A form of a question: what is missing is said at its field, and so is what the server refuses.
 *
 * @param {Record<string, string>} start
 * @param {{ fields: () => { name: string, label: string, required?: boolean }[], check?: (errors: Record<string, string>) => void, send: (form: any) => Promise<any> }} question
 */
export function useForm(start, { fields, check = () => {}, send }) {
  const form = reactive({ ...start });
  const errors = reactive(/** @type {Record<string, string>} */ ({}));
  const problem = ref(/** @type {any} */ (null));
  const busy = ref(false);
  const element = ref(null);

  const explain = (/** @type {any} */ error) => {
    const known = (error.errors ?? []).filter((/** @type {any} */ one) => one.field in form);
    for (const { field, message } of known) errors[field] = message;
    problem.value = known.length ? null : error;
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    problem.value = null;
    for (const { name, label, required } of fields()) if (required && !form[name].trim()) errors[name] = t('form.required', { label });
    check(errors);
    if (!Object.keys(errors).length) {
      busy.value = true;
      try {
        return await send(form);
      } catch (error) {
        explain(error);
      } finally {
        busy.value = false;
      }
    }
    await nextTick();
    return focusFirstError(element.value);
  };
  return { form, errors, problem, busy, element, submit };
}
