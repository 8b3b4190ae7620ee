use std::fmt::Write;

use super::*;

fn prices() -> Prices {
    crate::cost::tests::prices()
}

fn read(text: &str) -> Traffic {
    let mut traffic = Traffic::default();
    traffic.read_from(text.as_bytes(), "t.csv", &prices()).unwrap();
    traffic
}

fn told(traffic: &Traffic) -> Vec<(u64, &str)> {
    traffic.problems.iter().map(|p| (p.line, p.message.as_str())).collect()
}

fn service<'a>(traffic: &'a Traffic, name: &str) -> &'a Service {
    traffic.services.iter().find(|s| s.name == name).unwrap()
}

#[test]
fn a_row_for_each_service() {
    let traffic = read(
        "Memory (GiB);p95 (ms);Service;avg rps;peak rps;p50 (ms);cold %;calls\r\n\
         1;227,6;order;0,5;4;100;5;billing stock\r\n2;;\"bill;ing\";3;;80;;\r\n",
    );
    assert!(traffic.problems.is_empty(), "{:?}", traffic.problems);
    let order = &service(&traffic, "order").facts;
    assert_eq!(
        (order.rps, order.peak_rps, order.memory_mb, order.cold),
        (Some(0.5), Some(4.0), Some(1024.0), Some(0.05))
    );
    assert!((order.mean_ms.unwrap() - 113.3).abs() < 0.1);
    assert_eq!(order.calls, ["billing", "stock"]);
    assert_eq!(service(&traffic, "bill;ing").facts.rps, Some(3.0));
    // Peaks: 4, and twice the mean where none is told.
    assert_eq!(traffic.fleet_peak(&prices()).rps, 10.0);
}

#[test]
fn a_row_for_each_hour_of_each() {
    let mut text = "time,service,requests,mean_ms\n".to_owned();
    for hour in 0..48 {
        for (name, requests, ms) in [("a", 3600 * (hour % 2), 100 + 100 * (hour % 2)), ("b", 360, 50)] {
            writeln!(text, "2026-03-{:02}T{:02}:00:00Z,{name},{requests},{ms}", 1 + hour / 24, hour % 24).unwrap();
        }
    }
    let traffic = read(&text);
    assert!(traffic.problems.is_empty(), "{:?}", traffic.problems);
    let a = service(&traffic, "a");
    assert_eq!((a.series.hours(), a.series.requests(), a.series.highest()), (48, 86_400.0, 3600.0));
    // Hours without requests do not count for the mean duration.
    assert_eq!(a.duration_ms(), Some(200.0));
    assert_eq!(a.series.rates().0, [(0.0, 0.5), (1.0, 0.5)]);
    let peak = traffic.fleet_peak(&prices());
    assert!((peak.rps - 2.2).abs() < 1e-9 && (peak.environments - 0.41).abs() < 1e-9, "{peak:?}");
}

#[test]
fn hours_side_by_side() {
    let traffic = read("service,h0,h1,h2,h3\na,10,20,,40\nb,1,x,-2,3\n");
    assert_eq!(service(&traffic, "a").series.requests(), 70.0);
    assert_eq!(
        told(&traffic),
        [
            (2, "'a': 1 hour is missing in its series; they are taken to be like the others"),
            (3, "requests: 'x' is no number and 1 more: left out"),
            (3, "'b': 2 hours are missing in its series; they are taken to be like the others"),
        ]
    );
    let traffic = read("name,series\na,1 2 3\nb,4|5|6\n");
    assert_eq!(service(&traffic, "b").series.requests(), 15.0);
    assert_eq!(service(&traffic, "a").series.hours(), 3);
}

#[test]
fn bad_rows_are_told_and_the_rest_is_used() {
    let traffic = read(
        "service,rps,mean (ms),memory (acres)\n\
         good,1,100,1\n\
         minus,-4,100,1\n\
         nan,NaN,100,1\n\
         unit,7 furlongs,100,1\n\
         good,9,100,1\n\
         ,1,1,1\n\
         slow,2,3 fortnights,1\n\
         # a remark\n\
         \"open,1,1,1\n\
         short\n",
    );
    assert_eq!(
        told(&traffic),
        [
            (1, "column 'memory (acres)': unit 'acres' is not known: left out"),
            (3, "-4 is negative"),
            (3, "no requests of 'minus': left out"),
            (4, "'NaN' is no number"),
            (4, "no requests of 'nan': left out"),
            (5, "unit 'furlongs' is not known"),
            (5, "no requests of 'unit': left out"),
            (6, "a second row of 'good' (the first is line 2): left out"),
            (7, "no name of a service: left out"),
            (8, "unit 'fortnights' is not known"),
            (10, "a quote does not end on its line: left out"),
            (11, "no requests of 'short': left out"),
        ]
    );
    assert_eq!(traffic.services.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["good", "slow"]);
    assert_eq!(service(&traffic, "good").facts.rps, Some(1.0));
    assert_eq!(service(&traffic, "slow").duration_ms(), None);
}

#[test]
fn holes_doubles_and_zones() {
    let traffic = read(
        "service,time,requests\n\
         a,2026-01-01T00:00:00Z,10\n\
         a,2026-01-01T02:00:00+01:00,10\n\
         a,2026-01-01T05:00:00Z,10\n\
         a,2026-01-01T05:30:00Z,99\n\
         a,2026-01-01T06:00:00 Mars/Olympus,10\n\
         a,2026-01-01 06:00,10\n\
         a,2026-01-01 07:00,-10\n\
         a,1999-01-01T00:00Z,10\n\
         a,tomorrow,10\n",
    );
    let a = service(&traffic, "a");
    assert_eq!((a.series.hours(), a.series.requests()), (4, 40.0));
    let told = told(&traffic);
    let starts = |line: u64, text: &str| told.iter().any(|(l, m)| *l == line && m.contains(text));
    assert!(starts(4, "3 hours are missing"), "{told:#?}");
    assert!(starts(5, "a second value of 'a' for 2026-01-01 05:00 UTC"));
    assert!(starts(6, "zone 'Mars/Olympus' is not known"));
    assert!(starts(7, "times without a zone are taken as UTC"));
    assert!(starts(8, "-10 is negative"));
    assert!(starts(9, "more than ten years"));
    assert!(starts(10, "'tomorrow' is no time"));
    assert_eq!(told.len(), 7);
}

#[test]
fn problems_do_not_fill_the_memory() {
    let mut text = "service,rps\n".to_owned();
    (0..5_000).for_each(|n| writeln!(text, "s{n},x").unwrap());
    let traffic = read(&text);
    assert_eq!((traffic.problems.len(), traffic.problems.len() + traffic.more_problems), (LISTED, 10_000));
}

/// Blocks are read by several threads; nothing of that may show.
#[test]
fn long_files_read_as_short_ones() {
    let mut text = "service,time,requests\n".to_owned();
    for hour in 0..3_000u32 {
        for service in 0..100u32 {
            writeln!(text, "service-{service},{hour},{}", (hour * 7 + service) % 1000).unwrap();
        }
        if hour == 2_000 {
            text.push_str("service-5,x,1\n");
        }
    }
    assert!(text.len() > 5 << 20);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap().install(|| read(&text));
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap().install(|| read(&text));
    for traffic in [&one, &two] {
        assert_eq!(told(traffic), [(200_102, "'x' is no time: left out")]);
        assert_eq!(traffic.services.len(), 100);
        let expected: u32 = (0..3_000).map(|hour| (hour * 7 + 42) % 1000).sum();
        assert_eq!(service(traffic, "service-42").series.requests(), f64::from(expected));
    }
    assert_eq!(one.fleet_peak(&prices()), two.fleet_peak(&prices()));
}

const MATRIX: &str = r#"{"status":"success","data":{"resultType":"matrix","result":[
 {"metric":{"destination_workload":"order","pod":"a"},"values":[[1767225600,"2"],[1767227400,"4"],[1767229200,"NaN"]]},
 {"metric":{"destination_workload":"order","pod":"b"},"values":[[1767225600,"1"],[1767227400,"1"]]},
 {"metric":{"__name__":"http_server_requests_seconds_count","application":"bill"},"values":[[1767225600,"100"],[1767229200,"460"],[1767232800,"20"]]},
 {"metric":{"__name__":"http_server_requests_seconds_sum","application":"bill"},"values":[[1767225600,"10"],[1767229200,"82"],[1767232800,"4"]]},
 {"metric":{"__name__":"http_server_requests_seconds_max","application":"bill"},"values":[[1767225600,"10"],[1767229200,"82"]]},
 {"metric":{"__name__":"istio_request_duration_milliseconds","destination_workload":"order"},"values":[[1767225600,"120"]]},
 {"metric":{"code":"200"},"values":[[1767225600,"1"]]}
]}}"#;

#[test]
fn what_prometheus_answers() {
    let traffic = read(MATRIX);
    let order = service(&traffic, "order");
    // Two pods: (2 + 4) ÷ 2 and 1 a second.
    assert_eq!((order.series.requests(), order.duration_ms()), (4.0 * 3600.0, Some(120.0)));
    let bill = service(&traffic, "bill");
    // 360 in the first hour; then the counter was started anew.
    assert_eq!((bill.series.requests(), bill.series.highest(), bill.series.hours()), (380.0, 360.0, 2));
    // 72 s for 360 requests, and 4 s for 20.
    assert_eq!(bill.duration_ms(), Some(200.0));
    let told = told(&traffic);
    assert!(told.iter().any(|(line, m)| *line == 1 && m.contains("'NaN'")), "{told:?}");
    assert!(told.iter().any(|(line, m)| *line == 7 && m.contains("without a label")), "{told:?}");
    let error =
        |text: &str| Traffic::default().read_from(text.as_bytes(), "p.json", &prices()).unwrap_err().to_string();
    assert!(error(r#"{"status":"error","error":"bad query"}"#).contains("bad query"));
    assert!(error(r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#).contains("range query"));
    assert!(error("{").contains("line 1"));
}

#[test]
fn what_opencost_exports() {
    let traffic = read(
        "Date,Namespace,ControllerKind,ControllerName,Pod,Container,CPUCost,RAMCost,TotalCost\n\
         2026-03-01,shop,deployment,order,order-1,app,1,1,2.5\n\
         2026-03-01,shop,deployment,order,order-2,app,1,1,2.5\n\
         2026-03-02,shop,deployment,order,order-1,app,1,1,5\n\
         2026-03-02,shop,deployment,bill,bill-1,app,1,1,-5\n\
         2026-03-02,,,__idle__,,,1,1,50\n",
    );
    // $10 for two days.
    assert_eq!(service(&traffic, "order").facts.billed, Some(10.0 * 730.0 / 48.0));
    assert_eq!(told(&traffic), [(5, "total cost: -5 is negative: left out")]);
    let kubecost = read(
        "Name,Window Start,Window End,CPU,RAM,Total cost\norder,2026-03-01T00:00Z,2026-03-08T00:00Z,3,4,\"$7.00\"\n",
    );
    assert_eq!(service(&kubecost, "order").facts.billed, Some(7.0 * 730.0 / 168.0));
}

#[test]
fn several_files_say_one_thing() {
    let mut traffic = Traffic::default();
    let mut add = |text: &str, name: &str| traffic.read_from(text.as_bytes(), name, &prices()).unwrap();
    add("service,rps\norder,2\n", "a.csv");
    add("Name,Minutes,CPU,RAM,Total\norder,43800,3,4,70\n", "b.csv");
    assert_eq!(traffic.services.len(), 1);
    assert_eq!((traffic.services[0].facts.rps, traffic.services[0].facts.billed), (Some(2.0), Some(70.0)));
    assert!(traffic.problems.is_empty());
}

#[test]
fn bad_cells_of_any_row_are_told() {
    let traffic = read(
        "service,time,requests,p95 (ms),memory (MiB)\na,2026-01-01T00:00Z,NaN,200,512\na,2026-01-01T01:00Z,1,200 parsecs,512\na,2026-01-01T02:00Z,1,,512\n",
    );
    let told = told(&traffic);
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].0 == 2 && told[0].1.contains("'NaN'"), "{told:?}");
    assert!(told[1].0 == 3 && told[1].1.contains("'parsecs' is not known"), "{told:?}");
    assert_eq!(service(&traffic, "a").facts.memory_mb, Some(512.0), "of a row whose requests are no number");
}

#[test]
fn what_is_no_traffic_is_refused() {
    let error = |text: &str| Traffic::default().read_from(text.as_bytes(), "x", &prices()).unwrap_err().to_string();
    assert_eq!(error(""), "x: it is empty");
    assert!(error("\n\n").starts_with("x: it"));
    assert!(error("a,b\n1,2\n").contains("no column 'service'"));
    assert!(error("service,memory\na,1\n").contains("no column with requests"));
}

proptest::proptest! {
    /// Whatever a file holds, it is read or refused, never more.
    #[test]
    fn any_bytes(head in "(service|name|time|rps|h0|h1|,|;|\"){1,8}", body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        for start in [head.as_str(), "service,rps,mean_ms,memory", "service,time,requests", "service,series", "Date,Name,CPUCost,RAMCost,TotalCost"] {
            let bytes = [start.as_bytes(), b"\n", &body].concat();
            let mut traffic = Traffic::default();
            if traffic.read_from(&bytes[..], "x", &prices()).is_ok() {
                traffic.fleet_peak(&prices());
                traffic.services.iter().for_each(|s| _ = s.series.rates());
            }
        }
    }
}
