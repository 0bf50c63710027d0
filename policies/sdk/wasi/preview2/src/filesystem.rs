//! Files: no folder is open from the start, so that there is no descriptor,
//! and no path leads anywhere.

use crate::bindings::exports::wasi::filesystem::preopens;
use crate::bindings::exports::wasi::filesystem::types::{
    Advice, Descriptor, DescriptorBorrow, DescriptorFlags, DescriptorStat, DescriptorType,
    DirectoryEntry, DirectoryEntryStream, ErrorBorrow, ErrorCode, Filesize, Guest, GuestDescriptor,
    GuestDirectoryEntryStream, InputStream, MetadataHashValue, NewTimestamp, OpenFlags,
    OutputStream, PathFlags,
};
use crate::{Inert, Nothing, nothing};

type Answer<T> = Result<T, ErrorCode>;

impl preopens::Guest for Inert {
    fn get_directories() -> Vec<(Descriptor, String)> {
        Vec::new()
    }
}

impl Guest for Inert {
    type Descriptor = Nothing;
    type DirectoryEntryStream = Nothing;

    fn filesystem_error_code(_: ErrorBorrow<'_>) -> Option<ErrorCode> {
        None
    }
}

nothing!(GuestDirectoryEntryStream {
    fn read_directory_entry(&self) -> Answer<Option<DirectoryEntry>>;
});

nothing!(GuestDescriptor {
    fn read_via_stream(&self, Filesize) -> Answer<InputStream>;
    fn write_via_stream(&self, Filesize) -> Answer<OutputStream>;
    fn append_via_stream(&self) -> Answer<OutputStream>;
    fn advise(&self, Filesize, Filesize, Advice) -> Answer<()>;
    fn sync_data(&self) -> Answer<()>;
    fn get_flags(&self) -> Answer<DescriptorFlags>;
    fn get_type(&self) -> Answer<DescriptorType>;
    fn set_size(&self, Filesize) -> Answer<()>;
    fn set_times(&self, NewTimestamp, NewTimestamp) -> Answer<()>;
    fn read(&self, Filesize, Filesize) -> Answer<(Vec<u8>, bool)>;
    fn write(&self, Vec<u8>, Filesize) -> Answer<Filesize>;
    fn read_directory(&self) -> Answer<DirectoryEntryStream>;
    fn sync(&self) -> Answer<()>;
    fn create_directory_at(&self, String) -> Answer<()>;
    fn stat(&self) -> Answer<DescriptorStat>;
    fn stat_at(&self, PathFlags, String) -> Answer<DescriptorStat>;
    fn set_times_at(&self, PathFlags, String, NewTimestamp, NewTimestamp) -> Answer<()>;
    fn link_at(&self, PathFlags, String, DescriptorBorrow<'_>, String) -> Answer<()>;
    fn open_at(&self, PathFlags, String, OpenFlags, DescriptorFlags) -> Answer<Descriptor>;
    fn readlink_at(&self, String) -> Answer<String>;
    fn remove_directory_at(&self, String) -> Answer<()>;
    fn rename_at(&self, String, DescriptorBorrow<'_>, String) -> Answer<()>;
    fn symlink_at(&self, String, String) -> Answer<()>;
    fn unlink_file_at(&self, String) -> Answer<()>;
    fn is_same_object(&self, DescriptorBorrow<'_>) -> bool;
    fn metadata_hash(&self) -> Answer<MetadataHashValue>;
    fn metadata_hash_at(&self, PathFlags, String) -> Answer<MetadataHashValue>;
});
