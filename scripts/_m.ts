import pg from 'pg';
import { openDatabase } from '../src/db/database.ts';
import { migrate, migrationStatus } from '../src/db/migrate.ts';
import { diffSchema } from '../src/db/schema-engine.ts';
import { rmSync } from 'node:fs';
rmSync('/tmp/rd',{recursive:true,force:true});
for (const url of [null, 'postgresql://postgres@127.0.0.1:5432/rap1']) {
 if(url){ const p=new pg.Pool({connectionString:'postgresql://postgres@127.0.0.1:5432/postgres'}); await p.query('drop database if exists rap1'); await p.query('create database rap1'); await p.end(); }
 console.time('open');
 const d = await openDatabase({databaseUrl:url, dataDir:'/tmp/rd/db', onStatement: s=>console.log('>',s.slice(0,100))}); console.timeEnd('open');
 console.log(await migrationStatus(d)); console.time('migrate'); console.log(await migrate(d)); console.timeEnd('migrate'); console.log(await migrationStatus(d));
 console.log('drift', await d.asOwner(p=>diffSchema(p,'toSchema')), await d.asOwner(p=>diffSchema(p,'toMigrations')));
 const a='018f0000-0000-7000-8000-000000000001', b='018f0000-0000-7000-8000-000000000002';
 const A=d.forWorkspace(a), B=d.forWorkspace(b);
 await A.workspace.create({data:{id:a,slug:'a',name:'A'}});
 try{ await A.workspace.create({data:{id:b,slug:'b',name:'A'}});}catch(e:any){console.log(e.code,e.message.slice(-200))}
 console.log(await A.workspace.findMany(), await B.workspace.findMany(), A.workspaceId, (await d.pool.query('select * from rapport_workspaces()')).rows, (await d.pool.query('select current_user')).rows);
 await A.$transaction(async tx=>{ console.log('tx', (tx as any).workspaceId); await tx.workspace.update({where:{id:a},data:{name:'Z'}}) });
 console.log(await A.$queryRaw`select count(*) n from "Workspace"`);
 try { await A.workspace.findMany({where:{id:undefined as any}}); console.log('WIDENED') } catch(e:any){console.log('strict', e.message.slice(-120))}
 console.time('close'); await d.close(); console.timeEnd('close');
}
