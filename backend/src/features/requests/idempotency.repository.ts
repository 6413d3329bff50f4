import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { IdempotencyKeyEntity } from './idempotency-key.entity.js';

type Place = Pick<IdempotencyKeyEntity, 'scope' | 'key'>;

@Injectable()
export class IdempotencyRepository {
  constructor(@InjectRepository(IdempotencyKeyEntity) private readonly keys: Repository<IdempotencyKeyEntity>) {}

  /** True when this request is the first with the key. */
  async claim(place: Place, requestHash: string): Promise<boolean> {
    const result = await this.keys
      .createQueryBuilder()
      .insert()
      .values({ ...place, requestHash })
      .orIgnore()
      .returning('key')
      .execute();
    return Array.isArray(result.raw) && result.raw.length > 0;
  }

  async find(place: Place): Promise<IdempotencyKeyEntity | null> {
    return await this.keys.findOneBy(place);
  }

  async keep(place: Place, answer: { status: number; body: string }): Promise<void> {
    await this.keys.update(place, answer);
  }

  /** After a refusal the same key may be tried again: nothing was changed. */
  async release(place: Place): Promise<void> {
    await this.keys.delete(place);
  }
}
