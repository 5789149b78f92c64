#!/bin/sh
# Puts the engines' programs into FOLDER, each once: Prism (built with Go), Beam's job servers for Flink and Spark (by Maven).
# What can't be had is said in one line, and its tests are skipped.    tests/engines/install.sh FOLDER BEAM_VERSION FLINK_VERSION
set -u
folder=$1 beam=$2 flink=$3
mkdir -p "$folder/bin" "$folder/jars"
folder=$(cd "$folder" && pwd)

if [ -x "$folder/bin/prism-$beam" ]; then :
elif command -v go > /dev/null; then
    echo "building Prism $beam (once, some minutes) ..."
    if GOBIN="$folder/bin" go install "github.com/apache/beam/sdks/v2/go/cmd/prism@v$beam" 2> "$folder/prism.log"; then
        mv "$folder/bin/prism" "$folder/bin/prism-$beam"
    else
        echo "Prism could not be built (see $folder/prism.log): its tests are skipped"
    fi
else
    echo "Go is missing: no Prism, its tests are skipped"
fi

for artifact in "beam-runners-flink-$flink-job-server" beam-runners-spark-3-job-server; do
    jar="$folder/jars/$artifact-$beam.jar"
    if [ -f "$jar" ]; then continue
    elif ! command -v java > /dev/null; then echo "Java is missing: no $artifact, its tests are skipped"
    elif ! command -v mvn > /dev/null; then echo "Maven is missing: no $artifact, its tests are skipped"
    elif ! mvn -q -B org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy "-Dartifact=org.apache.beam:$artifact:$beam" \
        "-DoutputDirectory=$folder/jars" > "$folder/$artifact.log" 2>&1; then
        echo "$artifact $beam could not be fetched (see $folder/$artifact.log): its tests are skipped"
    fi
done
