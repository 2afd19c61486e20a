//! The demo: a hospital in a folder of its own, with a configuration like any other.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::sim::demo::{Args, run};
use casetrack::sim::hospital::Size;
use casetrack::sim::random::USUAL_SEED;

fn args(name: &str, size: Size) -> Args {
    let dir = std::env::temp_dir().join(format!("casetrack-{name}-{}", uuid::Uuid::now_v7()));
    Args { dir, listen: "127.0.0.1:0".parse().unwrap(), pace: 1, seed: USUAL_SEED, size }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_makes_a_hospital_a_configuration_and_scanners_and_makes_them_again() {
    let args = args("demo", Size::SMALL);
    for _ in 0..2 {
        let seen = |config: PathBuf| async move {
            let written: toml::Table = fs::read_to_string(&config)?.parse()?;
            let desks = written["desk"].as_array().unwrap();
            assert_eq!(desks.len(), 14);
            for desk in desks {
                let port = desk["scanner"][0]["port"].as_str().unwrap();
                assert!(fs::symlink_metadata(port)?.is_symlink(), "{port} is plugged in");
            }
            assert!(fs::read_dir(config.with_file_name("data"))?.next().is_some());
            Ok(())
        };
        run(args.clone(), Clock::system(), seen).await.unwrap();
    }
    fs::remove_dir_all(&args.dir).unwrap();
}

/// The first bytes that come to a virtual scanner's near end, which the service would open.
async fn read_from(port: PathBuf) -> String {
    let read = move || {
        let mut buffer = [0; 64];
        let count = fs::File::open(port).unwrap().read(&mut buffer).unwrap();
        String::from_utf8_lossy(buffer.get(..count).unwrap()).into_owned()
    };
    tokio::time::timeout(Duration::from_secs(30), tokio::task::spawn_blocking(read)).await.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_written_to_the_pipe_by_hand_is_scanned_at_that_desk() {
    let args = args("by-hand", Size::SMALL);
    let by_hand = |config: PathBuf| async move {
        let dir = config.parent().unwrap().to_owned();
        let scanned = tokio::spawn(read_from(dir.join("scanners/LIB-1-by-hand")));
        fs::OpenOptions::new().write(true).open(dir.join("by-hand/LIB-1"))?.write_all(b"V000000111\r")?;
        assert_eq!(scanned.await?, "V000000111\r");
        Ok(())
    };
    run(args.clone(), Clock::system(), by_hand).await.unwrap();
    fs::remove_dir_all(&args.dir).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clerks_of_the_demo_begin_with_their_badges() {
    let args = Args { pace: 60, ..args("clerks", Size::SMALL) };
    let looking_on = |config: PathBuf| async move {
        // Most of the first visits are to this desk, which pulls and files.
        let first = read_from(config.with_file_name("scanners").join("LIB-1")).await;
        assert!(first.starts_with("B104"), "{first}");
        Ok(())
    };
    run(args.clone(), Clock::system(), looking_on).await.unwrap();
    fs::remove_dir_all(&args.dir).unwrap();
}

#[tokio::test]
async fn the_demo_never_clears_a_folder_that_it_did_not_make() {
    let args = args("precious", Size::SMALL);
    fs::create_dir_all(args.dir.join("data")).unwrap();
    fs::write(args.dir.join("data/letter.txt"), "precious").unwrap();
    let refused = run(args.clone(), Clock::system(), |_| async { Ok(()) }).await.unwrap_err();
    assert!(refused.to_string().contains("name another folder"), "{refused}");
    assert!(args.dir.join("data/letter.txt").exists());
    fs::remove_dir_all(&args.dir).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_whole_demo_hospital_is_made() {
    let args = args("whole", Size::DEMO);
    run(args.clone(), Clock::system(), |_| async { Ok(()) }).await.unwrap();
    fs::remove_dir_all(&args.dir).unwrap();
}
