/** A setting that spares an emulated PC work, and why. */
export interface LightSetting {
  reason: string;
  commands: readonly string[];
}

const disableService = (...names: string[]): string[] =>
  names.map((name) => `sc config ${name} start= disabled`);
const disableTask = (...names: string[]): string[] =>
  names.map((name) => `schtasks /change /tn "${name}" /disable`);
const setNumber = (key: string, name: string, value: number): string =>
  `reg add "${key}" /v ${name} /t REG_DWORD /d ${value} /f`;
const setText = (key: string, name: string, value: string): string =>
  `reg add "${key}" /v ${name} /t REG_SZ /d ${value} /f`;

const CONTROL = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
const TASKS = '\\Microsoft\\Windows';

/**
 * For the whole machine, run once as SYSTEM before the first logon. The themes service stays: the looks of Windows 7
 * are what people come to see; so does the animation at the start.
 */
export const MACHINE_SETTINGS: readonly LightSetting[] = [
  {
    reason: 'Hibernation writes the whole memory to the disk, and its file is as large.',
    commands: ['powercfg -h off'],
  },
  {
    reason: 'A screen or PC that goes to sleep looks broken in a museum, and v86 does not wake it.',
    commands: ['powercfg -x -monitor-timeout-ac 0', 'powercfg -x -standby-timeout-ac 0'],
  },
  {
    reason: 'Search indexing and SuperFetch read the disk for hours after the installation.',
    commands: disableService('WSearch', 'SysMain'),
  },
  {
    reason:
      'There is no network, so nothing can be updated or fetched; looking for it costs time all the same.',
    commands: disableService(
      'wuauserv',
      'BITS',
      'iphlpsvc',
      'SSDPSRV',
      'HomeGroupListener',
      'HomeGroupProvider',
    ),
  },
  {
    reason:
      'Defender scans the disk daily; without a network and with a disk that is put back nothing comes in.',
    commands: [
      ...disableService('WinDefend', 'wscsvc'),
      ...disableTask('\\Microsoft\\Windows Defender\\MP Scheduled Scan'),
    ],
  },
  {
    reason: 'Reports and diagnoses are written for nobody.',
    commands: disableService('WerSvc', 'DPS', 'WdiServiceHost', 'WdiSystemHost', 'PcaSvc'),
  },
  {
    reason: 'Link tracking, media sharing and printing serve other PCs and devices that are not there.',
    commands: disableService('TrkWks', 'WMPNetworkSvc', 'Spooler'),
  },
  {
    reason: 'Defragmentation moves a sparse disk around in the browser for no gain.',
    commands: disableTask(`${TASKS}\\Defrag\\ScheduledDefrag`),
  },
  {
    reason: 'Copies of the registry and restore points double what a snapshot of the case does better.',
    commands: [
      ...disableTask(`${TASKS}\\Registry\\RegIdleBackup`, `${TASKS}\\SystemRestore\\SR`),
      setNumber('HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\SystemRestore', 'DisableSR', 1),
    ],
  },
  {
    reason: 'Usage and compatibility statistics, and energy reports, are gathered when the PC is idle.',
    commands: disableTask(
      `${TASKS}\\Application Experience\\AitAgent`,
      `${TASKS}\\Application Experience\\ProgramDataUpdater`,
      `${TASKS}\\Customer Experience Improvement Program\\Consolidator`,
      `${TASKS}\\Customer Experience Improvement Program\\KernelCeipTask`,
      `${TASKS}\\Customer Experience Improvement Program\\UsbCeip`,
      `${TASKS}\\Power Efficiency Diagnostics\\AnalyzeSystem`,
    ),
  },
  {
    reason: 'The performance rating runs for very long in an emulator.',
    commands: disableTask(`${TASKS}\\Maintenance\\WinSAT`),
  },
  {
    reason: 'Prefetching reads ahead from a disk that is already in memory.',
    commands: ['EnablePrefetcher', 'EnableSuperfetch'].map((name) =>
      setNumber(`${CONTROL}\\Session Manager\\Memory Management\\PrefetchParameters`, name, 0),
    ),
  },
  {
    reason: 'Without access times and short names a read stays a read, and a new file is one write less.',
    commands: ['NtfsDisableLastAccessUpdate', 'NtfsDisable8dot3NameCreation'].map((name) =>
      setNumber(`${CONTROL}\\FileSystem`, name, 1),
    ),
  },
  {
    reason: 'After a blue screen people should see its code, and no memory dump should fill the disk.',
    commands: ['AutoReboot', 'CrashDumpEnabled'].map((name) =>
      setNumber(`${CONTROL}\\CrashControl`, name, 0),
    ),
  },
  {
    reason: 'A small page file of fixed size keeps the disk from growing.',
    commands: [
      'wmic computersystem where name="%COMPUTERNAME%" set AutomaticManagedPagefile=False',
      `reg add "${CONTROL}\\Session Manager\\Memory Management" /v PagingFiles /t REG_MULTI_SZ /d "C:\\pagefile.sys 256 256" /f`,
    ],
  },
  {
    reason: 'No question about the kind of network that is not there.',
    commands: [`reg add "${CONTROL}\\Network\\NewNetworkWindowOff" /f`],
  },
  {
    reason: 'The processor has no NX bit; without it and PAE the kernel walks the shorter page tables.',
    commands: ['bcdedit /set {current} nx AlwaysOff', 'bcdedit /set {current} pae ForceDisable'],
  },
  {
    reason: 'A closed tab is a power cut; the next start should not stop in a recovery menu.',
    commands: [
      'bcdedit /set {current} bootstatuspolicy ignoreallfailures',
      'bcdedit /set {current} recoveryenabled No',
      'bcdedit /set {bootmgr} timeout 0',
    ],
  },
  {
    reason:
      'The loader takes the HAL that suits the PC it is on, for it was installed on another; that of 7 does so unasked.',
    commands: ['bcdedit /set {current} detecthal Yes'],
  },
];

/** Only where there is no sound card that Windows knows. */
export const SILENT_SETTING: LightSetting = {
  reason: 'Windows 7 has no driver for the Sound Blaster 16, so the sound services serve nobody.',
  commands: disableService('Audiosrv', 'AudioEndpointBuilder'),
};

const DESKTOP = 'HKCU\\Control Panel\\Desktop';

/** For the account, run at its first logon. */
export const USER_SETTINGS: readonly LightSetting[] = [
  {
    reason: 'Every step of an animation is drawn by the emulated processor.',
    commands: [
      setNumber(
        'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\VisualEffects',
        'VisualFXSetting',
        2,
      ),
      setText(DESKTOP, 'MenuShowDelay', '0'),
      setText(DESKTOP, 'DragFullWindows', '0'),
      setText(`${DESKTOP}\\WindowMetrics`, 'MinAnimate', '0'),
    ],
  },
];
