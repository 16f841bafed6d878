import { checkAnswerOptions, imageNameOf, type AnswerOptions } from './answer-options.ts';
import { STAGE_MARKER } from './setup-scripts.ts';

const COMPONENT_ATTRIBUTES =
  'processorArchitecture="x86" publicKeyToken="31bf3856ad364e35" language="neutral" versionScope="nonSxS"';

/** A tree of XML: text, or children by name; `@add` marks an item of a list for Setup. */
interface Node {
  name: string;
  add?: true;
  content: string | Node[];
}

const node = (name: string, content: string | number | boolean | Node[]): Node => ({
  name,
  content: Array.isArray(content) ? content : String(content),
});
const item = (name: string, content: Node[]): Node => ({ name, add: true, content });

/**
 * Autounattend.xml for a 32-bit Windows 7 disc: Setup asks nothing, wipes the first disk, makes one active NTFS
 * partition, installs the edition, makes one account and logs it on. Rejects with `answer/bad-option`. The schema is
 * Microsoft's "Unattended Windows Setup Reference"; what each part is for stands beside it.
 */
export function makeAnswerFile(options: AnswerOptions): string {
  checkAnswerOptions(options);
  const passes = [
    makePass('windowsPE', [
      languageComponent('Microsoft-Windows-International-Core-WinPE', options),
      setup(options),
    ]),
    makePass('specialize', specialize(options)),
    makePass('oobeSystem', [
      languageComponent('Microsoft-Windows-International-Core', options),
      welcome(options),
    ]),
  ];
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<unattend xmlns="urn:schemas-microsoft-com:unattend" xmlns:wcm="http://schemas.microsoft.com/WMIConfig/2002/State">',
    ...passes,
    '</unattend>',
    '',
  ].join('\r\n');
}

interface Component {
  name: string;
  children: Node[];
}

/** Must equal the language of the disc, or Setup stops at its language page. */
function languageComponent(name: string, { language, keyboard }: AnswerOptions): Component {
  const locale = [
    node('InputLocale', keyboard ?? (language === 'en-US' ? '0409:00000409' : language)),
    node('SystemLocale', language),
    node('UILanguage', language),
    node('UserLocale', language),
  ];
  const inSetup = name.endsWith('WinPE');
  return {
    name,
    children: inSetup ? [node('SetupUILanguage', [node('UILanguage', language)]), ...locale] : locale,
  };
}

function setup({ edition, userName }: AnswerOptions): Component {
  return {
    name: 'Microsoft-Windows-Setup',
    children: [
      node('DiskConfiguration', [
        node('WillShowUI', 'OnError'),
        item('Disk', [
          node('DiskID', 0),
          node('WillWipeDisk', true),
          // One active partition of its own keeps Setup from adding the 100 MB one.
          node('CreatePartitions', [
            item('CreatePartition', [node('Order', 1), node('Type', 'Primary'), node('Extend', true)]),
          ]),
          node('ModifyPartitions', [
            item('ModifyPartition', [
              node('Order', 1),
              node('PartitionID', 1),
              node('Active', true),
              node('Format', 'NTFS'),
              node('Label', 'Windows 7'),
              node('Letter', 'C'),
            ]),
          ]),
        ]),
      ]),
      node('ImageInstall', [
        node('OSImage', [
          node('InstallFrom', [
            item('MetaData', [node('Key', '/IMAGE/NAME'), node('Value', imageNameOf(edition))]),
          ]),
          node('InstallTo', [node('DiskID', 0), node('PartitionID', 1)]),
          node('WillShowUI', 'OnError'),
        ]),
      ]),
      // No ProductKey element at all: an empty one is an error, none means "later".
      node('UserData', [
        node('AcceptEula', true),
        node('FullName', userName),
        node('Organization', 'Vitrine'),
      ]),
      // There is no network to update from.
      node('DynamicUpdate', [node('Enable', false), node('WillShowUI', 'Never')]),
      node('Diagnostics', [node('OptIn', false)]),
      node('EnableFirewall', true),
    ],
  };
}

function specialize({ userName, computerName, timeZone }: AnswerOptions): Component[] {
  const component = (name: string, children: Node[]): Component => ({
    name: `Microsoft-Windows-${name}`,
    children,
  });
  // SetupComplete.cmd has to be in this folder before the first logon. Setup takes a failure of a command as its
  // own, so none is let through.
  const commands = [
    'mkdir %WINDIR%\\Setup\\Scripts',
    'copy /y A:\\SetupComplete.cmd %WINDIR%\\Setup\\Scripts\\SetupComplete.cmd',
    `echo ${STAGE_MARKER} >COM1`,
  ].map((command) => `cmd /c "${command} & exit 0"`);
  return [
    component('Shell-Setup', [
      node('ComputerName', computerName),
      node('RegisteredOwner', userName),
      node('TimeZone', timeZone ?? 'UTC'),
    ]),
    component('Security-SPP-UX', [node('SkipAutoActivation', true)]),
    component('SystemRestore-Main', [node('DisableSR', 1)]),
    component('ErrorReportingCore', [node('DisableWER', 1)]),
    component('SQMApi', [node('CEIPEnabled', 0)]),
    component('IE-InternetExplorer', [node('DisableFirstRunWizard', true), node('Home_Page', 'about:blank')]),
    component('Deployment', [
      node(
        'RunSynchronous',
        commands.map((path, index) =>
          item('RunSynchronousCommand', [node('Order', index + 1), node('Path', path)]),
        ),
      ),
    ]),
  ];
}

function welcome({ userName, timeZone, screen }: AnswerOptions): Component {
  const { width, height } = screen ?? { width: 1024, height: 768 };
  const emptyPassword = node('Password', [node('Value', ''), node('PlainText', true)]);
  return {
    name: 'Microsoft-Windows-Shell-Setup',
    children: [
      node('AutoLogon', [
        node('Enabled', true),
        node('LogonCount', 9999),
        node('Username', userName),
        emptyPassword,
      ]),
      node('Display', [
        node('ColorDepth', 32),
        node('HorizontalResolution', width),
        node('VerticalResolution', height),
      ]),
      node('FirstLogonCommands', [
        item('SynchronousCommand', [node('Order', 1), node('CommandLine', 'cmd /c A:\\FirstLogon.cmd')]),
      ]),
      node('OOBE', [
        node('HideEULAPage', true),
        node('HideWirelessSetupInOOBE', true),
        node('NetworkLocation', 'Home'),
        node('ProtectYourPC', 3),
        // Leaves out the welcome pages, and with them the performance rating.
        node('SkipMachineOOBE', true),
        node('SkipUserOOBE', true),
      ]),
      node('TimeZone', timeZone ?? 'UTC'),
      node('UserAccounts', [
        node('LocalAccounts', [
          item('LocalAccount', [node('Name', userName), node('Group', 'Administrators'), emptyPassword]),
        ]),
      ]),
    ],
  };
}

function makePass(pass: string, components: Component[]): string {
  const inner = components.flatMap(({ name, children }) => [
    `    <component name="${name}" ${COMPONENT_ATTRIBUTES}>`,
    ...children.map((child) => render(child, '      ')),
    '    </component>',
  ]);
  return [`  <settings pass="${pass}">`, ...inner, '  </settings>'].join('\r\n');
}

function render({ name, add, content }: Node, indent: string): string {
  const open = add ? `${name} wcm:action="add"` : name;
  if (typeof content === 'string') return `${indent}<${open}>${escape(content)}</${name}>`;
  return [
    `${indent}<${open}>`,
    ...content.map((child) => render(child, `${indent}  `)),
    `${indent}</${name}>`,
  ].join('\r\n');
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
