//! Small programs of Go, made by hand: build information, a table of two
//! functions, an inline tree, a call, and what the runtime knows of them.

/// Where the file is mapped.
const BASE: u64 = 0x40_0000;
/// Where parts are in the file, in order.
const BUILD_INFORMATION: usize = 0x100;
const TABLE: usize = 0x200;
const MODULE_DATA: usize = 0x400;
const TREE: usize = 0x600;
const CODE: usize = 0x640;
const DYNAMIC: usize = 0x680;
const RELOCATIONS: usize = 0x6c0;
const END: usize = 0x700;

/// Programs of Go 1.19, 1.25 and 1.27; one whose pointers are in relocations.
pub(super) fn programs() -> Vec<Vec<u8>> {
    vec![
        program("go1.19.8", false),
        program("go1.25.5", false),
        program("go1.27.3", false),
        program("go1.27.3", true),
    ]
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

fn words(file: &mut [u8], at: usize, words: &[u64]) {
    for (index, word) in words.iter().enumerate() {
        put(file, at + 8 * index, &word.to_le_bytes());
    }
}

fn halves(file: &mut [u8], at: usize, halves: &[u32]) {
    for (index, half) in halves.iter().enumerate() {
        put(file, at + 4 * index, &half.to_le_bytes());
    }
}

fn program(version: &str, relocated: bool) -> Vec<u8> {
    let mut file = vec![0; END];
    let is_old = version == "go1.19.8";
    put(&mut file, 0, b"\x7fELF\x02\x01\x01");
    put(&mut file, 16, &[2 + u8::from(relocated), 0, 62, 0, 1]);
    words(&mut file, 24, &[BASE + CODE as u64, 64, 0]);
    put(&mut file, 52, &[64, 0, 56, 0, 1 + u8::from(relocated)]);
    // PT_LOAD, all that can be; then PT_DYNAMIC.
    let length = END as u64;
    words(
        &mut file,
        64,
        &[7 << 32 | 1, 0, BASE, BASE, length, length, 0x1000],
    );
    if relocated {
        let at = DYNAMIC as u64;
        words(
            &mut file,
            120,
            &[6 << 32 | 2, at, BASE + at, BASE + at, 48, 48, 8],
        );
        words(&mut file, DYNAMIC, &[7, BASE + RELOCATIONS as u64, 8, 48]);
    }
    let mut information = b"\xff Go buildinf:\x08\x02".to_vec();
    information.resize(32, 0);
    let lines = format!("{:16}path\tmain\nbuild\tCGO_ENABLED=0\n{:16}", "", "");
    for text in [version, &lines] {
        information.push(u8::try_from(text.len()).expect("short"));
        information.extend(text.bytes());
    }
    put(&mut file, BUILD_INFORMATION, &information);
    table(&mut file, is_old);
    module_data(&mut file, version, relocated);
    tree(&mut file, is_old);
    // call +11, to the second function.
    put(&mut file, CODE, &[0xe8, 11, 0, 0, 0]);
    file
}

/// Names at 72, units and files at 104, tables by addresses at 108, the list
/// of functions at 120.
fn table(file: &mut [u8], is_old: bool) {
    let first = if is_old { 0xf0 } else { 0xf1 };
    put(file, TABLE, &[first, 0xff, 0xff, 0xff, 0, 0, 1, 8]);
    words(file, TABLE + 8, &[2, 1, 0, 72, 104, 104, 108, 120]);
    put(file, TABLE + 72, b"main.main\0fmt.Println\0os.Exit\0");
    // Eight bytes of code are of the body, eight of the function itself.
    put(file, TABLE + 109, &[2, 8, 1, 8, 0]);
    let records = TABLE + 120;
    halves(file, records, &[0, 24, 16, 112, 24]);
    let fixed = if is_old { 40 } else { 44 };
    halves(file, records + 24, &[0, 0, 0, 0, 0, 0, 0, 3]);
    put(file, records + 24 + fixed - 1, &[4]);
    halves(
        file,
        records + 24 + fixed,
        &[0, 0, 1, u32::MAX, u32::MAX, u32::MAX, 0],
    );
    halves(file, records + 112, &[16, 22]);
}

fn module_data(file: &mut [u8], version: &str, relocated: bool) {
    let table = BASE + TABLE as u64;
    let code = BASE + CODE as u64;
    let first = if relocated { 0 } else { table };
    words(file, MODULE_DATA, &[first, table + 72, 30, 30]);
    words(
        file,
        MODULE_DATA + 8 * 10,
        &[table + 108, 12, 12, table + 120],
    );
    words(file, MODULE_DATA + 8 * 17, &[3]);
    words(
        file,
        MODULE_DATA + 8 * 20,
        &[code, code + 24, code, code + 24],
    );
    let (data, sections) = match version {
        "go1.19.8" => (38, 40),
        "go1.25.5" => (40, 42),
        _ => (43, 46),
    };
    words(file, MODULE_DATA + 8 * data, &[BASE + TREE as u64]);
    words(file, MODULE_DATA + 8 * sections, &[1]);
    if relocated {
        let place = BASE + MODULE_DATA as u64;
        words(
            file,
            RELOCATIONS,
            &[place, 8, table, place + 8, 8, table + 72],
        );
    }
}

/// One body: fmt.Println in main.main.
fn tree(file: &mut [u8], is_old: bool) {
    if is_old {
        halves(file, TREE, &[0xffff, 0, 0, 10, 8]);
    } else {
        halves(file, TREE, &[0, 10, 8, 1]);
    }
}
