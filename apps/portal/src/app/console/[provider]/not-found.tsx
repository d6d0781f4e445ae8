import { NothingHere } from '../../../frame/nothing-here.tsx';

export const metadata = { title: 'Not found' };

export default NothingHere;
