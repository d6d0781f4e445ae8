'use client';

import { PageFailure } from '../../../frame/page-failure.tsx';

export default PageFailure;
