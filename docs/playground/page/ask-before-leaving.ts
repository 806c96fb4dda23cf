/**
 * Asks before the reader leaves the page while something would be lost: by closing it or another address, where the browser
 * asks in its own words; by a link of the site or by "back", which load no new page, here.
 */
import { useRouter } from 'vitepress';
import { onBeforeUnmount, onMounted } from 'vue';

export function useQuestionBeforeLeaving(question: string, wouldLose: () => boolean): void {
  const router = useRouter();
  const mayLeave = (): boolean => !wouldLose() || confirm(question);
  const onUnload = (event: BeforeUnloadEvent): void => {
    if (wouldLose()) event.preventDefault();
  };
  onMounted(() => {
    const here = location.pathname;
    let answered = false;
    addEventListener('beforeunload', onUnload);
    router.onBeforeRouteChange = () => {
      answered = mayLeave();
      return answered;
    };
    router.onBeforePageLoad = (to) => {
      if (answered || new URL(to, location.href).pathname === here || mayLeave()) return true;
      history.pushState({}, '', here); // "back" has changed the address already
      return false;
    };
  });
  onBeforeUnmount(() => {
    removeEventListener('beforeunload', onUnload);
    delete router.onBeforeRouteChange;
    delete router.onBeforePageLoad;
  });
}
