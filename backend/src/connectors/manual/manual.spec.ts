import { connectorContract } from '../../../test/connector-contract.js';
import { connector } from './index.js';

connectorContract({ connector });
