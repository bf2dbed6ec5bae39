import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Catalog, catalogOf } from '../support/catalog.ts';
import { comparedModules, type ModuleLoader, slimmedIn } from '../support/module-interface.ts';

const ROOT = join(import.meta.dirname, '../..');

/** A process for each module, since a module may end the process that loads it. */
const RUBY_LOAD = `
ARGV.each do |name|
  child = fork do
    $stdin.reopen("/dev/null"); out = $stdout.dup; $stdout.reopen("/dev/null"); $stderr.reopen("/dev/null")
    begin
      require name
      out.syswrite("#{name}\\n")
    rescue Exception
    end
    exit!(0)
  end
  killer = Thread.new { sleep 10; Process.kill(:KILL, child) rescue nil }
  Process.wait(child); killer.kill
end`;
const RUBY_LIST = `
$:.uniq.each { |top| Dir.glob("**/*.{rb,so}", base: top).each { |file| puts "#{file.sub(/\\.(rb|so)$/, "")} #{top}/#{file}" } }`;

const NODE_LIST = `
const { builtinModules } = require('module'), fs = require('fs');
for (const name of builtinModules) console.log(name, '-');
const top = '/usr/share/nodejs/';
for (const name of fs.existsSync(top) ? fs.readdirSync(top) : []) console.log(top + name, top + name);`;
const NODE_LOAD = `
const log = console.log;
for (const name of process.argv.slice(1)) try { require(name); log(name); } catch {}`;

const LUA_LIST = `
local lfs = require 'lfs'
local function walk(top, prefix, ending)
  if lfs.attributes(top, 'mode') ~= 'directory' then return end
  for file in lfs.dir(top) do
    local path = top .. '/' .. file
    if file:sub(1, 1) == '.' then
    elseif lfs.attributes(path, 'mode') == 'directory' then walk(path, prefix .. file .. '.', ending)
    elseif file:sub(-#ending) == ending then print((prefix .. file:sub(1, -#ending - 1)):gsub('%.init$', '') .. ' ' .. path) end
  end
end
for _, list in ipairs { { package.path, '.lua' }, { package.cpath, '.so' } } do
  for top in list[1]:gmatch('([^;?]+)/%?%' .. list[2]) do if top:sub(1, 1) == '/' then walk(top, '', list[2]) end end
end`;
const LUA_LOAD = `for _, name in ipairs(arg) do if pcall(require, name) then print(name) end end`;

const TCL_LIST = `catch {package require nothing}; foreach name [package names] {puts "$name -"}`;
const TCL_LOAD = `foreach name $argv {if {![catch {interp create child; child eval [list package require $name]}]} {puts $name}; catch {interp delete child}}`;

const R_LIST = `found <- installed.packages(); cat(paste0(found[, 1], " ", found[, 2], "/", found[, 1], "/R/", found[, 1]), sep = "\\n")`;
const R_LOAD = `for (name in commandArgs(TRUE)) if (suppressWarnings(suppressMessages(require(name, character.only = TRUE, quietly = TRUE)))) cat(name, "\\n", sep = "")`;

const ERLANG_LIST = `[io:format("~ts ~ts~n", [Name, File]) || {Name, File, _} <- code:all_available(), is_list(File), hd(File) =:= $/], halt(0).`;
const ERLANG_LOAD = `[io:format("~ts~n", [Name]) || Name <- init:get_plain_arguments(), element(1, code:ensure_loaded(list_to_atom(Name))) =:= module], halt(0).`;
const ERLANG = [
  '/usr/lib/erlang/erts-13.1.5/bin/beam.smp',
  '--',
  '-root',
  '/usr/lib/erlang',
  '-progname',
  'erl',
];
const erlang = (program: string) => [...ERLANG, '-home', '/', '-noshell', '-eval', program, '-extra'];

const R = ['/usr/lib/R/bin/exec/R', '--no-echo', '--no-restore'];
const JAVA = '/usr/lib/jvm/java-17-openjdk-amd64/bin/java';

type Soaked = ModuleLoader & {
  /** The catalog of this repo that holds the entry. */
  readonly from: 'catalog-fixtures' | 'bench/soundness';
  readonly atLeast: number;
};

const NONE = /^$/;

const LOADERS: readonly Soaked[] = [
  {
    entry: 'library/ruby/3.1',
    from: 'catalog-fixtures',
    list: ['/usr/bin/ruby3.1', '-e', RUBY_LIST],
    load: ['/usr/bin/ruby3.1', '-e', RUBY_LOAD],
    except: /^(?:debug|irb|bundler\/(?:setup|cli)|rubygems\/commands)|win32|windows/,
    atLeast: 400,
  },
  {
    entry: 'library/node/18',
    from: 'catalog-fixtures',
    list: ['/usr/bin/node', '-e', NODE_LIST],
    load: ['/usr/bin/node', '-e', NODE_LOAD],
    except: NONE,
    atLeast: 40,
  },
  {
    entry: 'library/lua',
    from: 'bench/soundness',
    list: ['/usr/bin/lua5.4', '-e', LUA_LIST],
    load: ['/usr/bin/lua5.4', '-e', LUA_LOAD, '/dev/null'],
    except: NONE,
    atLeast: 30,
  },
  {
    entry: 'library/tcl',
    from: 'bench/soundness',
    list: ['/usr/bin/tclsh8.6', '/app/eval.tcl', TCL_LIST],
    load: ['/usr/bin/tclsh8.6', '/app/eval.tcl', TCL_LOAD],
    except: NONE,
    atLeast: 100,
  },
  {
    entry: 'library/r',
    from: 'bench/soundness',
    list: [...R, '-e', R_LIST],
    load: [...R, '-e', R_LOAD, '--args'],
    except: NONE,
    atLeast: 12,
  },
  {
    entry: 'library/erlang',
    from: 'bench/soundness',
    list: erlang(ERLANG_LIST),
    load: erlang(ERLANG_LOAD),
    except: NONE,
    atLeast: 300,
  },
  {
    entry: 'examples/java-server',
    from: 'bench/soundness',
    list: ['/bin/sh', '-c', `${JAVA} --list-modules | sed 's/$/ -/'`],
    load: [JAVA, '--list-modules'],
    except: NONE,
    atLeast: 20,
  },
];

/** A copy of a catalog of this repo, in a separate work tree. */
async function catalogFrom(from: Soaked['from']): Promise<Catalog> {
  const catalog = await catalogOf({});
  await cp(join(ROOT, from), catalog.path, { recursive: true });
  await catalog.commit();
  return catalog;
}

describe('every module that loads in the full root file system loads in the result, or is dead weight', () => {
  test.each(LOADERS)('$entry', async (loader) => {
    await using catalog = await catalogFrom(loader.from);
    const { before, lost } = await comparedModules(
      { originals: catalog, slimmed: () => slimmedIn(catalog, loader.entry) },
      loader,
    );
    process.stdout.write(`${loader.entry}: ${before.length} modules load, ${lost.length} are lost\n`);
    expect(before.length).toBeGreaterThan(loader.atLeast);
    expect(lost).toEqual([]);
  });
});
