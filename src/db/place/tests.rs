use super::*;

#[test]
fn a_folder_of_this_computer_is_no_network_drive() {
    assert_eq!(network_of(tempfile::tempdir().unwrap().path()), None);
}

#[test]
fn network_file_systems_are_known_by_their_numbers() {
    assert_eq!(known_as(0x6969), Some("NFS"));
    assert_eq!(known_as(0xFE53_4D42), Some("a share of Windows"));
    assert_eq!(known_as(0xEF53), None, "ext4");
}

#[test]
fn folders_of_cloud_programs_are_known_by_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let synced = folder.path().join("OneDrive - Athletics Club").join("meets");
    std::fs::create_dir_all(&synced).unwrap();
    assert!(is_synced(&synced));
    assert!(!is_synced(folder.path()));
}
