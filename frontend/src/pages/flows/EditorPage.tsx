import { getRouteApi } from '@tanstack/react-router';
import { Editor } from '../../editor/Editor.js';

const route = getRouteApi('/inside/flows/$flowId');

export function EditorPage() {
  const { flowId } = route.useParams();
  return <Editor key={flowId} flowId={flowId} />;
}
